import { EventEmitter } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'

const ipcRenderer = Object.assign(new EventEmitter(), { send: vi.fn<(channel: string, ...rest: unknown[]) => void>() })
vi.mock('electron', () => ({ ipcRenderer }))

class Page extends EventTarget {
  readonly location = { origin: 'app://propaganda' }
  readonly postMessage = vi.fn<(message: unknown, origin: string, ports: unknown[]) => void>()
  post(data: unknown, source: unknown = this): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, source }))
  }
}

// Test files share their globals.
afterEach(() => void vi.unstubAllGlobals())

test('the preload script forwards only the request for a port, the port and the language', async () => {
  const page = new Page()
  const before = new Set(Object.keys(globalThis))
  vi.stubGlobal('window', page)
  await import('./preload.ts')

  for (const data of [null, undefined, 'propaganda:connect', {}, { type: 'propaganda:port' }, { type: 'other' }]) page.post(data)
  page.post({ type: 'propaganda:connect' }, new EventTarget())
  for (const language of [undefined, 1, {}]) page.post({ type: 'propaganda:language', language })
  expect(ipcRenderer.send).not.toHaveBeenCalled()

  page.post({ type: 'propaganda:connect', channel: 'evil', args: [1] })
  page.post({ type: 'propaganda:language', language: 'de', channel: 'evil' })
  expect(ipcRenderer.send.mock.calls).toEqual([['propaganda:connect'], ['propaganda:language', 'de']])

  const port = {}
  ipcRenderer.emit('propaganda:port', { ports: [port] })
  expect(page.postMessage.mock.calls).toEqual([[{ type: 'propaganda:port' }, 'app://propaganda', [port]]])

  expect(Object.keys(globalThis).filter((key) => !before.has(key))).toEqual(['window'])
})
