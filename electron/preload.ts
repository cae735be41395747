import { ipcRenderer } from 'electron'
import { CONNECT, PORT } from './channels.ts'

// Runs sandboxed and isolated from the page, and exposes nothing. Ports cannot cross the context bridge, so the page requests and receives
// its port through window messages.
window.addEventListener('message', (event: MessageEvent<{ type?: unknown } | null>) => {
  if (event.source === window && event.data?.type === CONNECT) ipcRenderer.send(CONNECT)
})

ipcRenderer.on(PORT, (event) => {
  window.postMessage({ type: PORT }, window.location.origin, event.ports)
})
