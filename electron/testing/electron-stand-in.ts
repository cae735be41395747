// Replaces Electron's main process in tests. It records the shell's calls, stores its handlers, and lets a test emit Electron's events. It
// has only the members that the shell uses.
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

type Handler = (...args: never[]) => unknown

/** An event that listeners can prevent. */
export class StandInEvent {
  prevented = false
  readonly url: string
  constructor(url = '') {
    this.url = url
  }
  preventDefault(): void {
    this.prevented = true
  }
}

class StandInApp extends EventEmitter {
  isPackaged = false
  gotLock = true
  sandboxed = false
  hasQuit = false
  exitCode: number | undefined
  readonly paths: Record<string, string> = {}
  /** Calls in their order, so that tests can check what happens before Electron is ready. */
  readonly steps: string[] = []
  #ready: () => void = () => {}
  readonly #whenReady = new Promise<void>((resolve) => (this.#ready = resolve))

  becomeReady(): void {
    this.steps.push('ready')
    this.#ready()
  }
  whenReady(): Promise<void> {
    return this.#whenReady
  }
  setPath(name: string, path: string): void {
    this.steps.push(`setPath ${name}`)
    this.paths[name] = path
  }
  requestSingleInstanceLock(): boolean {
    this.steps.push('lock')
    return this.gotLock
  }
  setAppUserModelId(id: string): void {
    this.steps.push(`id ${id}`)
  }
  enableSandbox(): void {
    this.steps.push('sandbox')
    this.sandboxed = true
  }
  getLocale(): string {
    return 'en-GB'
  }
  getVersion(): string {
    return '0.0.0-test'
  }
  quit(): void {
    const event = new StandInEvent()
    this.emit('will-quit', event)
    if (event.prevented) return
    this.hasQuit = true
    this.emit('quit')
  }
  exit(code: number): void {
    this.exitCode = code
  }
}

type RequestFilter = (details: { readonly url: string }, answer: (verdict: { readonly cancel?: boolean }) => void) => void

class StandInSession extends EventEmitter {
  readonly handlers: Record<string, Handler> = {}
  /** The options of `fromPartition`; undefined for the default session. */
  readonly options: object | undefined
  /** Requests that passed the filter. */
  readonly fetched: { readonly url: string; readonly init: RequestInit | undefined }[] = []
  spellChecker = true
  readonly protocol = {
    handle: (scheme: string, handler: Handler) => {
      this.handlers[`protocol ${scheme}`] = handler
    },
  }
  readonly webRequest = {
    onBeforeRequest: (handler: Handler) => {
      this.handlers.request = handler
    },
  }
  constructor(options?: object) {
    super()
    this.options = options
  }
  /** As in Electron, the session's request filter applies to requests of the main process, except for files. */
  async fetch(url: string, init?: RequestInit): Promise<Response> {
    const { cancel } = url.startsWith('file:') ? {} : await this.#filter(url)
    if (cancel === true) throw new Error('net::ERR_BLOCKED_BY_CLIENT')
    this.fetched.push({ url, init })
    return fetch(url, init)
  }
  #filter(url: string): Promise<{ readonly cancel?: boolean }> {
    const filter = this.handlers.request as RequestFilter | undefined
    return new Promise((resolve) => (filter === undefined ? resolve({}) : filter({ url }, resolve)))
  }
  setPermissionRequestHandler(handler: Handler): void {
    this.handlers.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.handlers.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.handlers.devicePermission = handler
  }
  setDisplayMediaRequestHandler(handler: Handler): void {
    this.handlers.displayMedia = handler
  }
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled
  }
}

export class StandInContents extends EventEmitter {
  readonly mainFrame = { url: '' }
  readonly posted: { channel: string; ports: StandInPort[] }[] = []
  reloads = 0
  windowOpenHandler: Handler | undefined
  setWindowOpenHandler(handler: Handler): void {
    this.windowOpenHandler = handler
  }
  postMessage(channel: string, _message: unknown, ports: StandInPort[]): void {
    this.posted.push({ channel, ports })
  }
  reload(): void {
    this.reloads++
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = []
  readonly webContents = new StandInContents()
  readonly options: Readonly<Record<string, unknown>>
  readonly calls: string[] = []
  bounds = { x: 10, y: 20, width: 1000, height: 700 }
  minimized = false

  constructor(options: Readonly<Record<string, unknown>>) {
    super()
    this.options = options
    BrowserWindow.all.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    return Promise.resolve()
  }
  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
  maximize(): void {
    this.calls.push('maximize')
  }
  restore(): void {
    this.calls.push('restore')
  }
  isMinimized(): boolean {
    return this.minimized
  }
  isMaximized(): boolean {
    return false
  }
  getNormalBounds() {
    return this.bounds
  }
}

/** Electron's port of the main process: like Node's, but a message is the data of an event. */
export class StandInPort extends EventEmitter {
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
    port.on('close', () => this.emit('close'))
    port.unref()
  }
  start(): void {
    this.#port.start()
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }
  close(): void {
    this.#port.close()
  }
}

export class MessageChannelMain {
  readonly port1: StandInPort
  readonly port2: StandInPort
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new StandInPort(port1)
    this.port2 = new StandInPort(port2)
  }
}

export const app = new StandInApp()
export const ipcMain = new EventEmitter()
const partitions = new Map<string, StandInSession>()
export const session = {
  defaultSession: new StandInSession(),
  fromPartition: (name: string, options: object): StandInSession => {
    if (!app.steps.includes('ready')) throw new Error('Session can only be received when app is ready')
    const found = partitions.get(name) ?? new StandInSession(options)
    partitions.set(name, found)
    return found
  },
}
/** All sessions except the default one, by partition. */
export const sessionsByPartition: ReadonlyMap<string, StandInSession> = partitions
export const privileged: unknown[] = []
export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => {
    app.steps.push('scheme')
    privileged.push(...schemes)
  },
}
export const opened: string[] = []
export const shell = {
  openExternal: (url: string) => {
    opened.push(url)
    return Promise.resolve()
  },
}
/** Has no key store, like a Linux session without a keyring; tests can add one. */
export const safeStorage = {
  isAvailable: false,
  isEncryptionAvailable: () => safeStorage.isAvailable,
  encryptString: (text: string) => Buffer.from(text.split('').toReversed().join('')),
  decryptString: (bytes: Buffer) => bytes.toString().split('').toReversed().join(''),
}
/** Uses the default session and its filter, as in Electron. */
export const net = { fetch: (url: string, init?: RequestInit) => session.defaultSession.fetch(url, init) }
export const errorBoxes: string[] = []
export const dialog = { showErrorBox: (title: string, text: string) => void errorBoxes.push(`${title}: ${text}`) }
export const nativeTheme = { shouldUseDarkColors: false }
const display = { workArea: { x: 0, y: 0, width: 1920, height: 1040 } }
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] }
export const powerMonitor = Object.assign(new EventEmitter(), {
  idleState: 'active',
  getSystemIdleState: (): string => powerMonitor.idleState,
})
/** A notification of the system. */
export class Notification extends EventEmitter {
  static readonly all: Notification[] = []
  readonly options: { readonly title: string; readonly body: string }
  isShown = false
  constructor(options: { readonly title: string; readonly body: string }) {
    super()
    this.options = options
    Notification.all.push(this)
  }
  static isSupported(): boolean {
    return true
  }
  show(): void {
    this.isShown = true
  }
  close(): void {
    this.isShown = false
    this.emit('close')
  }
}
export const menus: unknown[] = []
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => void menus.push(menu),
}
