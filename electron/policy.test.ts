import { expect, test, vi } from 'vitest'

vi.mock('electron', () => import('./testing/electron-stand-in.ts'))
const { mayOpenOutside, restrictContents } = await import('./policy.ts')
const electron = await import('./testing/electron-stand-in.ts')

test.each([
  ['https://help.example/page?q=1', true],
  ['https://help.example:443/', true],
  ['http://help.example/', false],
  ['https://help.example:8443/', false],
  ['https://ada:secret@help.example/', false],
  ['https://ada@help.example/', false],
  ['https://help.example.evil.test/', false],
  ['https://evil.test/https://help.example/', false],
  ['https://sub.help.example/', false],
  ['javascript:alert(1)', false],
  ['file:///help.example', false],
  ['help.example', false],
])('a link to %s may open in the browser: %s', (url, allowed) => {
  expect(mayOpenOutside(url, ['help.example'])).toBe(allowed)
})

test('a link to a listed host opens in the browser, not in a window of the application', () => {
  restrictContents(electron.app as never, ['help.example'])
  const { webContents } = new electron.BrowserWindow({})
  expect(webContents.windowOpenHandler?.({ url: 'https://help.example/a' } as never)).toEqual({ action: 'deny' })
  expect(electron.opened).toEqual(['https://help.example/a'])
})
