import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from '../../app/testing/bundle.ts'
import { must } from '../../core/assert.ts'
import { BrowserSession } from './browser-session.ts'

export type Order = { readonly kind: 'launch' | 'cut' | 'mend' | 'stop' } | { readonly kind: 'advance'; readonly ms: number }
export type Answer =
  | { readonly kind: 'ready'; readonly origin: string }
  | { readonly kind: 'launched'; readonly url: string }
  | { readonly kind: 'done' }

/** Names the folder in which global-setup.ts puts the window's files. */
export const RENDERER_VARIABLE = 'PROPAGANDA_E2E_RENDERER'

/** $0: the home. The rest is the command. */
const READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'

function rendererRoot(): string {
  return must(process.env[RENDERER_VARIABLE], `${RENDERER_VARIABLE}, which global-setup.ts sets`)
}

/** Runs the application on a temporary home in a process that can be stopped, killed and started again. */
export class AppProcess {
  readonly home = mkdtempSync(join(tmpdir(), 'propaganda-e2e-'))
  origin = ''
  #child: ChildProcess | undefined
  #output = ''

  static async start(): Promise<AppProcess> {
    const app = new AppProcess()
    await app.start()
    return app
  }

  /**
   * Starts the application again after `kill` or `stop`, on the same home and, like a restart with `--port`, on the same address.
   * @param disk `read-only`: the application sees its home mounted read-only. Mounting in a separate namespace needs no rights.
   */
  async start(disk: 'writable' | 'read-only' = 'writable'): Promise<void> {
    const port = this.origin === '' ? '0' : new URL(this.origin).port
    const child = fork(bundled('served-app'), [this.home, port, rendererRoot()], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(disk === 'writable'
        ? { execArgv: [] }
        : { execPath: 'unshare', execArgv: ['-rm', 'sh', '-c', READ_ONLY, this.home, process.execPath] }),
    })
    const keep = (chunk: Buffer) => (this.#output += chunk.toString())
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    this.#child = child
    const ready = await this.#answer('ready')
    this.origin = ready.origin
  }

  /** The text that it wrote to its terminal; empty unless there was a problem. */
  get output(): string {
    return this.#output
  }

  /** Returns an address that opens the application once. */
  async launchUrl(): Promise<string> {
    const launched = this.#answer('launched')
    this.#order({ kind: 'launch' })
    return (await launched).url
  }

  /** Moves the application's clock, but not the windows' clocks. */
  async advance(minutes: number): Promise<void> {
    await this.#done({ kind: 'advance', ms: minutes * 60_000 })
  }

  /** Ends every connection to the application, which keeps running, and refuses new ones until `mend`. */
  async cut(): Promise<void> {
    await this.#done({ kind: 'cut' })
  }

  async mend(): Promise<void> {
    await this.#done({ kind: 'mend' })
  }

  /** Returns a browser with access, without a window: the API over its own WebSocket. */
  async visit(): Promise<BrowserSession> {
    return BrowserSession.enter(await this.launchUrl())
  }

  /** Ends the process like a crash or an empty battery: no handler runs. */
  async kill(): Promise<void> {
    await this.#ended(() => this.#child?.kill('SIGKILL'))
  }

  async stop(): Promise<void> {
    await this.#ended(() => this.#order({ kind: 'stop' }))
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.home, { recursive: true, force: true })
  }

  async #ended(end: () => void): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    end()
    await exited
    this.#child = undefined
  }

  async #done(order: Order): Promise<void> {
    const done = this.#answer('done')
    this.#order(order)
    await done
  }

  #order(order: Order): void {
    if (this.#child === undefined) throw new Error('The application does not run')
    this.#child.send(order)
  }

  #answer<K extends Answer['kind']>(kind: K): Promise<Extract<Answer, { kind: K }>> {
    const child = this.#child
    if (child === undefined) return Promise.reject(new Error('The application does not run'))
    return new Promise((resolve, reject) => {
      const stop = () => {
        child.off('message', onMessage)
        child.off('exit', onExit)
      }
      const onMessage = (message: unknown) => {
        const answer = message as Answer
        if (answer.kind !== kind) return
        stop()
        resolve(answer as Extract<Answer, { kind: K }>)
      }
      const onExit = () => {
        stop()
        reject(new Error(`The application ended before it answered (${kind}):\n${this.#output}`))
      }
      child.on('message', onMessage)
      child.once('exit', onExit)
    })
  }
}
