import { ipcRenderer } from 'electron'
import { CONNECT, LANGUAGE, PORT } from './channels.ts'

// Runs sandboxed and isolated from the page, and exposes nothing. Ports cannot cross the context bridge, so the page requests and receives
// its port through window messages. It also sends its language there, for the menu and the notifications.
window.addEventListener('message', ({ source, data }: MessageEvent<{ type?: unknown; language?: unknown } | null>) => {
  if (source !== window) return
  if (data?.type === CONNECT) ipcRenderer.send(CONNECT)
  if (data?.type === LANGUAGE && typeof data.language === 'string') ipcRenderer.send(LANGUAGE, data.language)
})

ipcRenderer.on(PORT, (event) => {
  window.postMessage({ type: PORT }, window.location.origin, event.ports)
})
