import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { bundledWorkers } from '../app/testing/bundle.ts'
import { PUBLISH_KEY, ServerProcess } from '../app/sync/testing/server-process.ts'
import { must } from '../core/assert.ts'
import type { Api } from '../core/contract/contract.ts'
import type * as StandIn from './testing/electron-stand-in.ts'

const home = mkdtempSync(join(tmpdir(), 'propaganda-desktop-'))
const rendererRoot = join(home, 'renderer')
mkdirSync(join(rendererRoot, 'assets'), { recursive: true })
writeFileSync(join(rendererRoot, 'index.html'), '<style nonce="__CSP_NONCE__"></style>')
writeFileSync(join(rendererRoot, 'assets', 'main-1a.js'), 'ok')
afterAll(() => rmSync(home, { recursive: true, force: true }))

type Electron = typeof StandIn

/** Starts the shell in a new Electron. */
async function launch(prepare: (electron: Electron) => void = () => {}, folder = home): Promise<Electron> {
  vi.resetModules()
  vi.doMock('electron', () => import('./testing/electron-stand-in.ts'))
  const electron = await import('./testing/electron-stand-in.ts')
  prepare(electron)
  const { startDesktop } = await import('./desktop.ts')
  startDesktop({ home: folder, rendererRoot, preload: '/bundle/preload.cjs', workers: bundledWorkers() })
  return electron
}

async function quit({ app }: Electron): Promise<void> {
  const ended = once(app, 'quit')
  app.quit()
  await ended
}

let electron: Electron
let window: StandIn.BrowserWindow

beforeAll(async () => {
  electron = await launch()
  electron.app.becomeReady()
  window = await vi.waitUntil(() => electron.BrowserWindow.all[0])
})
afterAll(() => quit(electron))

const handler = (name: string) => electron.session.defaultSession.handlers[name] as (...args: unknown[]) => unknown
const fetchApp = async (url: string, method = 'GET') => (await handler('protocol app')(new FakeRequest(url, method))) as Response

/** Unlike `Request`, it accepts every address that a page can request, and does not normalise it. */
class FakeRequest {
  readonly url: string
  readonly method: string
  constructor(url: string, method: string) {
    this.url = url
    this.method = method
  }
}

/** Requests a port like the preload script; undefined if none comes. */
function connect(
  contents: StandIn.StandInContents,
  senderFrame: unknown = contents.mainFrame,
  { ipcMain } = electron,
): StandIn.StandInPort | undefined {
  const before = contents.posted.length
  ipcMain.emit('propaganda:connect', { sender: contents, senderFrame })
  return contents.posted[before]?.ports[0]
}

function apiOver(port: StandIn.StandInPort): Api {
  port.start()
  return createORPCClient<Api>(new RPCLink({ port }))
}

describe('before Electron is ready', () => {
  test('the sandbox is on for every process, and the scheme has its own secure origin', () => {
    const { steps } = electron.app
    for (const step of ['sandbox', 'scheme']) expect(steps.indexOf(step)).toBeLessThan(steps.indexOf('ready'))
    expect(electron.app.sandboxed).toBe(true)
    expect(electron.privileged).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ])
  })

  test('Electron’s files are in the home and locked there: one desktop process per home', async () => {
    const { steps, paths } = electron.app
    expect(paths.userData).toBe(join(home, 'desktop'))
    expect(steps.indexOf('setPath userData')).toBeLessThan(steps.indexOf('lock'))

    const second = await launch(({ app }) => (app.gotLock = false))
    expect(second.app.hasQuit).toBe(true)
    second.app.becomeReady()
    expect(second.BrowserWindow.all).toHaveLength(0)
  })

  test('starting a second process shows the window of the first one', () => {
    window.minimized = true
    electron.app.emit('second-instance')
    window.minimized = false
    expect(window.calls.slice(-3)).toEqual(['restore', 'show', 'focus'])
    expect(electron.BrowserWindow.all).toHaveLength(1)
  })
})

describe('the window', () => {
  test('runs its page sandboxed, isolated from the preload script, without Node', () => {
    expect(window.options.webPreferences).toEqual({
      preload: '/bundle/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true,
    })
    expect(window.webContents.mainFrame.url).toBe('app://propaganda/')
  })

  test('is shown when its page is painted', () => {
    expect(window.options.show).toBe(false)
    expect(window.calls).not.toContain('maximize')
    window.emit('ready-to-show')
    expect(window.calls).toContain('show')
  })

  test('opens at its last position', () => {
    window.emit('close')
    expect(JSON.parse(readFileSync(join(home, 'desktop', 'window.json'), 'utf8'))).toEqual({
      bounds: window.bounds,
      maximized: false,
    })
  })

  test('is reloaded after a crash, but not after a second crash soon after', () => {
    const gone = () => window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    gone()
    expect(window.webContents.reloads).toBe(1)
    gone()
    expect(window.webContents.reloads).toBe(1)
    expect(electron.errorBoxes.join()).toContain('Saved data and your draft are kept')
  })

  test('the menu is in the language that the window reports; other pages do not change it, and the next start uses it', async () => {
    const report = (language: unknown, senderFrame: unknown = window.webContents.mainFrame) =>
      electron.ipcMain.emit('propaganda:language', { sender: window.webContents, senderFrame }, language)
    const menu = () => JSON.stringify(electron.menus.at(-1))
    expect(menu()).toContain('Select All')
    report('de', { url: 'https://evil.example/' })
    report('fr')
    expect(menu()).toContain('Select All')
    report('de')
    expect(menu()).toContain('Alles auswählen')
    expect(readFileSync(join(home, 'desktop', 'language'), 'utf8')).toBe('de')
    report('en')
    expect(menu()).toContain('Select All')
  })

  test('a packaged application has no developer tools, neither in the window nor in the menu', async () => {
    const packaged = await launch(({ app }) => (app.isPackaged = true))
    packaged.app.becomeReady()
    const shown = await vi.waitUntil(() => packaged.BrowserWindow.all[0])
    expect(shown.options.webPreferences).toMatchObject({ devTools: false })
    expect(JSON.stringify(packaged.menus)).not.toContain('toggleDevTools')
    expect(JSON.stringify(electron.menus)).toContain('toggleDevTools')
    await quit(packaged)
  })
})

describe('the page may not', () => {
  test('have any permission or device', () => {
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fullscreen']) {
      const answer = vi.fn<(granted: boolean) => void>()
      handler('permissionRequest')({}, permission, answer)
      expect(answer.mock.calls).toEqual([[false]])
      expect(handler('permissionCheck')({}, permission)).toBe(false)
    }
    expect(handler('devicePermission')({})).toBe(false)
    const stream = vi.fn<(streams: object) => void>()
    handler('displayMedia')({}, stream)
    expect(stream.mock.calls).toEqual([[{}]])
    expect(electron.session.defaultSession.spellChecker).toBe(false)
  })

  test.each([
    ['app://propaganda/assets/main.js', false],
    ['blob:app://propaganda/0190', false],
    ['devtools://devtools/bundled/inspector.html', false],
    ['https://evil.example/', true],
    ['http://127.0.0.1:8080/', true],
    ['ws://127.0.0.1:8080/', true],
    ['file:///etc/passwd', true],
    ['app://other/', true],
    ['app://propaganda.evil.example/', true],
    ['blob:https://evil.example/0190', true],
    ['data:text/html,x', true],
  ])('load %s: refused is %s', (url, cancel) => {
    const answer = vi.fn<(verdict: object) => void>()
    handler('request')({ url }, answer)
    expect(answer.mock.calls).toEqual([[{ cancel }]])
  })

  test.each([
    ['will-frame-navigate', 'https://evil.example/', true],
    ['will-frame-navigate', 'file:///etc/passwd', true],
    ['will-frame-navigate', 'app://evil/', true],
    ['will-frame-navigate', 'javascript:alert(1)', true],
    ['will-frame-navigate', 'app://propaganda/calls', false],
    ['will-redirect', 'https://evil.example/', true],
    ['will-redirect', 'app://propaganda/', false],
  ])('navigate elsewhere: %s to %s is prevented: %s', (name, url, prevented) => {
    const event = new electron.StandInEvent(url)
    window.webContents.emit(name, event)
    expect(event.prevented).toBe(prevented)
  })

  test('open another program, except for one number or one address', () => {
    const opened = ['tel:+49305551234', 'mailto:anna.b@acme.test']
    const refused = ['mailto:a@b.test?attach=/etc/passwd', 'tel:*#06#', 'mailto:a@b.test,c@d.test', 'file:///bin/sh', 'calc:']
    const before = electron.opened.length
    for (const url of [...opened, ...refused]) {
      const event = new electron.StandInEvent(url)
      window.webContents.emit('will-frame-navigate', event)
      expect(event.prevented).toBe(true)
    }
    expect(electron.opened.splice(before)).toEqual(opened)
  })

  test('open a window, embed another page or open anything in the system', () => {
    for (const url of ['https://evil.example/', 'file:///bin/sh', 'app://propaganda/', 'mailto:a@b.test', 'vbscript:x'])
      expect(window.webContents.windowOpenHandler?.({ url } as never)).toEqual({ action: 'deny' })
    expect(electron.opened).toEqual([])
    const dialled = (url: string) => {
      const event = new electron.StandInEvent(url)
      window.webContents.emit('will-frame-navigate', event)
      expect(event.prevented).toBe(true)
      return electron.opened.splice(0)
    }
    expect(dialled('tel:+49305551234'), 'a phone number goes to the phone program').toEqual(['tel:+49305551234'])
    for (const url of ['tel:+49;phone-context=x', 'tel:1/../x', 'sip:1234', 'tel:']) expect(dialled(url), url).toEqual([])
    const webview = new electron.StandInEvent()
    window.webContents.emit('will-attach-webview', webview)
    expect(webview.prevented).toBe(true)
  })

  test('download anything but a file that it made or exported', () => {
    const download = (url: string) => {
      const event = new electron.StandInEvent()
      electron.session.defaultSession.emit('will-download', event, { getURL: () => url })
      return event.prevented
    }
    expect(download('https://evil.example/a.exe')).toBe(true)
    expect(download('blob:https://evil.example/1')).toBe(true)
    expect(download('blob:app://propaganda/1')).toBe(false)
    expect(download('app://propaganda/assets/main.js')).toBe(true)
    expect(download('app://propaganda/download/token')).toBe(false)
  })
})

describe('app://', () => {
  test('serves the built page with the policy and a new nonce', async () => {
    const [first, second] = [await fetchApp('app://propaganda/'), await fetchApp('app://propaganda/calls/1?x#y')]
    const policy = first.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    expect(await first.text()).toBe(`<style nonce="${nonce}"></style>`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    expect(second.status).toBe(200)
    expect(second.headers.get('content-security-policy')).not.toContain(nonce)
  })

  test('serves a built file as a stream', async () => {
    const answer = await fetchApp('app://propaganda/assets/main-1a.js')
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      200,
      'ok',
      'text/javascript; charset=utf-8',
    ])
    expect(await (await fetchApp('app://propaganda/assets/main-1a.js', 'HEAD')).text()).toBe('')
  })

  test.each([
    'app://propaganda/../desktop/window.json',
    'app://propaganda/%2e%2e/desktop/window.json',
    'app://propaganda/..%2fdesktop%2fwindow.json',
    'app://propaganda/assets/gone.js',
    'app://other/assets/main-1a.js',
    'app://propaganda@other/assets/main-1a.js',
    'not an address',
  ])('has nothing at %s', async (url) => {
    expect((await fetchApp(url)).status).toBe(404)
  })

  test('accepts only reads', async () => {
    expect((await fetchApp('app://propaganda/', 'POST')).status).toBe(405)
  })
})

describe('the API', () => {
  test('is given to the window that requests it, and works', async () => {
    const port = connect(window.webContents)
    expect(window.webContents.posted.at(-1)?.channel).toBe('propaganda:port')
    const api = apiOver(port as StandIn.StandInPort)
    expect(await api.session.get()).toEqual({ state: 'first_start' })
    await expect(api.users.list()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', defined: true })
    const loose = api as unknown as { no: { such: (input: unknown) => Promise<unknown> } }
    await expect(loose.no.such({})).rejects.toMatchObject({ code: 'UNKNOWN_PROCEDURE' })
  })

  test('is refused to embedded frames, to other pages and to closed frames', () => {
    const { webContents } = window
    const child = { url: 'app://propaganda/' }
    expect(connect(webContents, child)).toBeUndefined()
    expect(connect(webContents, null)).toBeUndefined()
    for (const url of ['https://evil.example/', 'app://evil/', 'app://propaganda.evil/', 'file:///x', 'about:blank', '']) {
      const stranger = new electron.StandInContents()
      stranger.mainFrame.url = url
      expect(connect(stranger), url).toBeUndefined()
    }
  })

  test('a port of a page that was reloaded is closed', async () => {
    const old = connect(window.webContents) as StandIn.StandInPort
    old.start()
    const closed = once(old, 'close')
    connect(window.webContents)
    await expect(closed).resolves.toEqual([])
  })

  test.each([
    ['hello'],
    [{ i: '1', p: { u: '/session/get' } }],
    [new Uint8Array([0xff])],
    [null],
    ['['.repeat(100_000)],
    [`{"i":"1","p":{"u":"/drafts/put","b":{"json":${'['.repeat(40)}${']'.repeat(40)}}}}`],
    [JSON.stringify({ i: '1', p: { u: '/drafts/put', b: { json: 'x'.repeat(5 * 1024 * 1024) } } })],
    // Decoding it throws outside of any catch, which would end the process.
    ['{"i":"1","p":{"u":"/imports/inspect","h":{"content-type":"multipart/form-data; boundary=x"}}}'],
  ])('a message that is not of the protocol, or exceeds a bound, closes only its port: %.40o', async (message) => {
    const port = connect(window.webContents) as StandIn.StandInPort
    port.start()
    const closed = once(port, 'close')
    port.postMessage(message)
    await closed
    const next = connect(window.webContents) as StandIn.StandInPort
    expect(await apiOver(next).session.get()).toMatchObject({ state: expect.any(String) })
  })
})

describe('the sync server', () => {
  const server = new ServerProcess()
  beforeAll(() => server.start())
  afterAll(() => server.dispose())

  const serverAt = (url: string) => ({ serverUrl: url, key: PUBLISH_KEY })
  /** Starts a separate application with a signed-in admin. */
  async function launchWithAdmin(folder: string) {
    const own = await launch(() => {}, folder)
    own.app.becomeReady()
    const shown = await vi.waitUntil(() => own.BrowserWindow.all[0])
    const api = apiOver(connect(shown.webContents, shown.webContents.mainFrame, own) as StandIn.StandInPort)
    await api.workspace.create({
      clientName: 'Acme',
      timeZone: 'UTC',
      adminName: 'Ada',
      adminEmail: 'ada@acme.test',
      adminPassword: 'correct horse battery',
    })
    return { own, api }
  }

  test('can be reached despite the shell’s request filters, but not by the page', async () => {
    const { own, api } = await launchWithAdmin(mkdtempSync(join(home, 'published-')))
    for await (const _ of await api.sync.publish(serverAt(server.url)));
    expect(await api.sync.now()).toMatchObject({ state: 'up_to_date', isReached: true })
    await expect(own.session.defaultSession.fetch(`${server.url}/v1/snapshot`)).rejects.toThrow('ERR_BLOCKED_BY_CLIENT')
    await expect(own.net.fetch(`${server.url}/v1/snapshot`)).rejects.toThrow('ERR_BLOCKED_BY_CLIENT')
    await quit(own)
  })

  test('is reached through a session that stores nothing, sends no cookies, follows no redirect and grants no permission', async () => {
    const { own, api } = await launchWithAdmin(mkdtempSync(join(home, 'session-')))
    await expect(
      (async () => {
        for await (const _ of await api.sync.publish(serverAt('http://127.0.0.1:1')));
      })(),
    ).rejects.toThrow('The server does not answer')
    expect([...own.sessionsByPartition.keys()]).toEqual(['sync'])
    const sync = must(own.sessionsByPartition.get('sync'), 'The shell made the session')
    expect(sync.options).toEqual({ cache: false })
    expect(sync.fetched[0]?.init).toMatchObject({ credentials: 'omit', redirect: 'error' })
    for (const url of ['app://propaganda/', 'ftp://evil.example/', 'data:text/plain,x', 'blob:null/1'])
      await expect(sync.fetch(url), url).rejects.toThrow('ERR_BLOCKED_BY_CLIENT')
    const granted = vi.fn<(granted: boolean) => void>()
    const ask = sync.handlers.permissionRequest as (contents: object, permission: string, answer: typeof granted) => void
    ask({}, 'media', granted)
    expect(granted.mock.calls).toEqual([[false]])
    expect((sync.handlers.permissionCheck as () => boolean)()).toBe(false)
    await quit(own)
  })
})

describe('quitting', () => {
  test('waits until the application is closed', async () => {
    const own = await launch()
    own.app.becomeReady()
    const shown = await vi.waitUntil(() => own.BrowserWindow.all[0])
    const api = apiOver(connect(shown.webContents, shown.webContents.mainFrame, own) as StandIn.StandInPort)
    await api.workspace.create({
      clientName: 'Acme',
      timeZone: 'UTC',
      adminName: 'Ada',
      adminEmail: 'ada@acme.test',
      adminPassword: 'correct horse battery',
    })
    own.app.quit()
    own.app.quit()
    expect(own.app.hasQuit).toBe(false)
    await once(own.app, 'quit')
    const [clientId = ''] = readdirSync(join(home, 'workspaces'))
    // The log is merged into the file. A killed application leaves its log next to it.
    expect(existsSync(join(home, 'workspaces', clientId, 'workspace.db-wal'))).toBe(false)
  })

  test('a failed start shows the reason, changes nothing and ends with an error', async () => {
    writeFileSync(join(home, 'file'), '')
    const own = await launch(() => {}, join(home, 'file'))
    own.app.becomeReady()
    await vi.waitUntil(() => own.app.exitCode !== undefined)
    expect(own.app.exitCode).toBe(1)
    expect(own.errorBoxes.join()).toMatch(/could not start.*Nothing was changed/s)
  })
})
