import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

vi.mock('electron', () => import('./testing/electron-stand-in.ts'))
const { syncFetch } = await import('./sync-session.ts')
const electron = await import('./testing/electron-stand-in.ts')

let server: Server
let url = ''
beforeAll(async () => {
  server = createServer((_request, response) => response.end('from the server'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  electron.app.becomeReady()
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('it fetches over http and refuses everything else, including files, which bypass Electron’s filters', async () => {
  const fetch = syncFetch()
  expect(await (await fetch(url, {})).text()).toBe('from the server')
  for (const other of [
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'app://propaganda/',
    'data:text/plain,x',
    'blob:null/1',
    'ftp://a/',
    '',
  ])
    await expect(fetch(other, {}), other).rejects.toThrow('http and https only')
  expect(electron.sessionsByPartition.get('sync')?.fetched.map((each) => each.url)).toEqual([url])
})

test('it sends no cookies and follows no redirects, regardless of the caller’s options', async () => {
  await syncFetch()(url, { credentials: 'include', redirect: 'follow', method: 'POST', body: 'x' })
  expect(electron.sessionsByPartition.get('sync')?.fetched.at(-1)?.init).toMatchObject({
    credentials: 'omit',
    redirect: 'error',
    method: 'POST',
  })
})
