import { ipcRenderer } from 'electron'
import { CONNECT, PORT } from './channels.ts'

// Runs sandboxed, in a world apart from the page's. It exposes nothing: ports do not cross the context bridge, so they are asked for
// and handed over as messages of the page to itself.
window.addEventListener('message', (event: MessageEvent<{ type?: unknown } | null>) => {
  if (event.source === window && event.data?.type === CONNECT) ipcRenderer.send(CONNECT)
})

ipcRenderer.on(PORT, (event) => {
  window.postMessage({ type: PORT }, window.location.origin, event.ports)
})
