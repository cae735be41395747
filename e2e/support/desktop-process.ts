import { chromium, type Browser, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { must } from '../../core/assert.ts'
import type { OrdinaryUser } from './ordinary-user.ts'
import type { XDisplay } from './x-display.ts'

/** How a process ended: its exit code, or the signal that killed it. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type DesktopOptions = {
  readonly program: string
  readonly home: string
  readonly user: OrdinaryUser
  readonly display: XDisplay
}

/** The packaged desktop application in its own process, started by an ordinary user on a display. */
export class DesktopProcess {
  readonly exit: Promise<Exit>
  /** Errors of all its pages: uncaught exceptions, violations of the Content-Security-Policy, and others that the browser logs. */
  readonly errors: string[] = []
  readonly #child: ChildProcess
  #output = ''
  #browser: Browser | undefined

  constructor({ program, home, user, display }: DesktopOptions) {
    const { env, ...identity } = user.options
    this.#child = spawn(program, [`--home=${home}`, '--remote-debugging-port=0'], {
      ...identity,
      cwd: user.folder,
      env: { ...env, DISPLAY: display.name },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exit = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve({ code, signal })))
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (data: Buffer) => (this.#output += data.toString()))
  }

  /** The text that the process has written to stdout and stderr. */
  get output(): string {
    return this.#output
  }

  /** Returns the page when the window has loaded it. After a crash of the renderer it returns the new page. */
  async page(): Promise<Page> {
    await this.#written(/ready at app:/)
    const [, address = ''] = await this.#written(/DevTools listening on (\S+)/)
    await this.#browser?.close()
    this.#browser = await chromium.connectOverCDP(address)
    const [context] = this.#browser.contexts()
    const [page] = must(context, 'Electron has one context').pages()
    const found = must(page, 'The application has one window')
    found.setDefaultTimeout(30_000)
    found.on('pageerror', (error) => this.errors.push(error.stack ?? error.message))
    found.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text())
    })
    return found
  }

  /** Makes downloads open the system's dialog. By default Playwright saves them itself. */
  async saveByDialog(): Promise<void> {
    const browser = must(this.#browser, 'page() was called')
    const session = await browser.newBrowserCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'default' })
    await session.detach()
  }

  /** Returns the URLs of all targets to which a debugger can connect. */
  async targets(): Promise<string[]> {
    const session = await must(this.#browser, 'page() was called').newBrowserCDPSession()
    const { targetInfos } = await session.send('Target.getTargets')
    await session.detach()
    return targetInfos.map(({ url }) => url)
  }

  /** Kills the process that draws the page, as the system does when memory is short. */
  killRenderer(): void {
    const [renderer] = descendants(must(this.#child.pid, 'The application runs')).filter(({ command }) =>
      command.includes('--type=renderer'),
    )
    process.kill(must(renderer, 'The application has a renderer').pid, 'SIGKILL')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async dispose(): Promise<void> {
    await this.#browser?.close()
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.exit
  }

  /** Resolves when the output matches. Rejects if the process ends first. */
  #written(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.#output)
        if (found === null) return
        stop()
        resolve(found)
      }
      const onExit = () => {
        stop()
        reject(new Error(`The desktop application ended before it wrote ${String(pattern)}:\n${this.#output}`))
      }
      const stop = () => {
        this.#child.stdout?.off('data', look)
        this.#child.stderr?.off('data', look)
        this.#child.off('exit', onExit)
      }
      this.#child.stdout?.on('data', look)
      this.#child.stderr?.on('data', look)
      this.#child.once('exit', onExit)
      look()
    })
  }
}

type Descendant = { readonly pid: number; readonly command: string }

/** Returns the processes that a process started, and those that they started. */
function descendants(root: number): Descendant[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The name in parentheses can contain spaces. The parent is the second field after it.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
      } catch {
        // The process ended in the meantime.
        return []
      }
    })
  const below = (pid: number): Descendant[] =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)])
  return below(root)
}
