import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeLaunchFile } from '../loopback/launch-file.ts'
import { rawRequest } from '../loopback/testing/raw-request.ts'
import { expect, REFUSED, test } from './support/test.ts'
import { sections } from './support/screens.ts'
import { BrowserSession } from './support/browser-session.ts'

test.use({ expectedComplaints: REFUSED })

/** Serves another program's page on this device, and records the cookies that it receives. */
async function serve(html: string): Promise<{ readonly server: Server; readonly port: number; readonly cookies: string[] }> {
  const cookies: string[] = []
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '')
    response.writeHead(200, { 'content-type': 'text/html' }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port, cookies }
}

test('an address opens the application once; later it shows what to do', async ({ app, page, browser }) => {
  const url = await app.launchUrl()
  await page.goto(url)
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  const stranger = await browser.newPage()
  const again = await stranger.goto(url)
  expect(again?.status()).toBe(401)
  await expect(stranger.getByRole('heading', { name: 'This address was already used' })).toBeVisible()
  await expect(stranger.getByText('Go back to the window or tab that it opened.')).toBeVisible()
  await expect(stranger.getByText('TOKEN_USED')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Create a workspace' }), 'the first browser keeps its access').toBeVisible()
  await stranger.close()
})

test('a file that only its owner can read opens the window, so that no command line contains the address', async ({
  app,
  page,
}) => {
  const file = writeLaunchFile(app.home, await app.launchUrl())
  await page.goto(file.url)
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  expect(await page.evaluate(() => document.referrer)).not.toContain('launch')
  file.remove()
})

test('another tab of the browser has access too; a browser with only the cookie does not', async ({ app, page, browser }) => {
  await page.goto(await app.launchUrl())
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  const tab = await page.context().newPage()
  await tab.goto(app.origin)
  await expect(tab.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  const thief = await browser.newContext()
  await thief.addCookies(await page.context().cookies(app.origin))
  const stolen = await thief.newPage()
  await stolen.goto(app.origin)
  await expect(stolen.getByRole('status').filter({ hasText: 'The application was restarted' })).toBeVisible()
  await expect(stolen.getByRole('heading', { name: 'Waiting for the application' })).toBeVisible()
  await thief.close()
})

test('without a cookie, without a token, or with a wrong or old one nothing is shown', async ({ app, page }) => {
  for (const [path, title] of [
    ['/', 'This browser has no access yet'],
    ['/#/calls', 'This browser has no access yet'],
    ['/launch', 'This address is incomplete'],
    ['/launch?token=', 'This address is incomplete'],
    ['/launch?token=guessed', 'This address does not belong to the running application'],
  ] as const) {
    const response = await page.goto(`${app.origin}${path}`)
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    expect(response?.status() ?? 401).toBe(401)
  }
  const old = await app.launchUrl()
  await app.advance(16)
  await page.goto(old)
  await expect(page.getByRole('heading', { name: 'This address has expired' })).toBeVisible()
})

test('a foreign Host or Origin, and a socket without cookie or origin, are refused with a code', async ({ app }) => {
  const { cookie, key } = await app.visit()
  const sent = { cookie: `${cookie.name}=${cookie.value}` }
  const codeOf = async (headers: Record<string, string>, path = '/') => {
    const { status, body } = await rawRequest(app.origin, path, headers)
    return [status, status === 200 ? 'ok' : (JSON.parse(body) as { code: string }).code]
  }
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZQ==',
  }
  const { host } = new URL(app.origin)
  expect(await codeOf(sent)).toEqual([200, 'ok'])
  expect(await codeOf({ ...sent, host: `rebound.example:${new URL(app.origin).port}` })).toEqual([421, 'WRONG_HOST'])
  expect(await codeOf({ ...sent, host: host.replace('127.0.0.1', 'localhost') })).toEqual([421, 'WRONG_HOST'])
  expect(await codeOf({ ...sent, origin: 'https://evil.example' })).toEqual([403, 'WRONG_ORIGIN'])
  expect(await codeOf({ ...sent, ...upgrade, origin: 'https://evil.example' }, '/api')).toEqual([403, 'WRONG_ORIGIN'])
  expect(await codeOf({ ...sent, ...upgrade }, '/api')).toEqual([403, 'WRONG_ORIGIN'])
  expect(await codeOf({ ...upgrade, origin: app.origin }, '/api')).toEqual([401, 'NOT_LAUNCHED'])
  expect(await codeOf({ ...upgrade, origin: app.origin, cookie: `${cookie.name}=guessed` }, '/api')).toEqual([
    401,
    'SESSION_EXPIRED',
  ])
  expect(await codeOf({ ...sent, ...upgrade, origin: app.origin }, '/api'), 'the cookie alone').toEqual([401, 'NOT_LAUNCHED'])
  expect(await codeOf(sent, '/api')).toEqual([401, 'NOT_LAUNCHED'])
  expect(await codeOf({ ...sent, 'x-propaganda-key': key }, '/api')).toEqual([426, 'UPGRADE_REQUIRED'])
  expect(await codeOf(sent, '/../package.json')).toEqual([404, 'NOT_FOUND'])
})

test.describe('another page in the same browser', () => {
  test.use({ expectedComplaints: /127\.0\.0\.1|localhost|Refused|Access to fetch|frame|ERR_/ })

  test('gets no socket, no answer and no frame, although the browser has the cookie', async ({ app, team, windowOf }) => {
    const own = await windowOf(team.admin)
    const { server, port, cookies } = await serve('<!doctype html><title>Elsewhere</title><p>Elsewhere</p>')
    const evil = await own.context().newPage()
    await evil.goto(`http://127.0.0.1:${port}/`)
    const cookie = cookies[0] ?? ''
    expect(cookie, 'the browser sends the cookie to every port').toContain('propaganda_')
    const upgrade = {
      cookie,
      origin: app.origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZQ==',
    }
    const refused = await rawRequest(app.origin, '/api', upgrade)
    expect([refused.status, refused.body], 'a program with the cookie has no access').toEqual([
      401,
      expect.stringContaining('NOT_LAUNCHED'),
    ])
    expect(await evil.evaluate(() => localStorage.length), 'the page has no key').toBe(0)
    const api = `ws://${new URL(app.origin).host}/api`
    const socket = await evil.evaluate(
      (url) =>
        new Promise((resolve) => {
          const opened = new WebSocket(url)
          opened.addEventListener('open', () => resolve('open'))
          opened.addEventListener('error', () => resolve('refused'))
        }),
      api,
    )
    expect(socket).toBe('refused')
    const read = await evil.evaluate(
      (url) =>
        fetch(url, { credentials: 'include' }).then(
          () => 'read',
          () => 'refused',
        ),
      app.origin,
    )
    expect(read).toBe('refused')
    await evil.evaluate((url) => {
      const frame = document.createElement('iframe')
      frame.src = url
      document.body.append(frame)
    }, app.origin)
    await expect.poll(() => evil.frames().at(-1)?.url(), 'the browser refuses to frame it').toContain('chrome-error')
    server.close()
    await expect(sections(own)).toBeVisible()
    const visitor = await BrowserSession.of(own.context(), app.origin)
    expect((await visitor.api.session.get()).state, 'the session is unchanged').toBe('signed_in')
    visitor.close()
  })

  test('can link to a launch address: it opens, although the browser first withholds the strict cookie', async ({
    app,
    page,
  }) => {
    const { server, port } = await serve(`<!doctype html><title>Terminal</title><a href="${await app.launchUrl()}">Open</a>`)
    await page.goto(`http://localhost:${port}/`)
    await page.getByRole('link', { name: 'Open' }).click()
    await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
    server.close()
  })
})
