import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { must } from '../../core/assert.ts'
import type { OrdinaryUser } from './ordinary-user.ts'

/** A virtual X display (Xvfb), and its windows and keyboard. */
export class XDisplay {
  readonly name: string
  readonly #user: OrdinaryUser
  readonly #server: ChildProcess

  private constructor(name: string, user: OrdinaryUser, server: ChildProcess) {
    this.name = name
    this.#user = user
    this.#server = server
  }

  static async start(user: OrdinaryUser): Promise<XDisplay> {
    // Xvfb uses the first free display and writes its number to descriptor 3.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
      ...user.options,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const output = must(server.stdio[3], 'Descriptor 3 is a pipe') as Readable
    const number = await new Promise<string>((resolve, reject) => {
      output.once('data', (data: Buffer) => resolve(data.toString().trim()))
      server.once('error', reject)
      server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)))
    })
    return new XDisplay(`:${number}`, user, server)
  }

  /** Returns the ids and titles of the visible windows with a title. */
  titles(): ReadonlyMap<string, string> {
    const ids = this.#xdotool('search', '--onlyvisible', '--name', '.').split('\n').filter(Boolean)
    return new Map(ids.map((id) => [id, this.#xdotool('getwindowname', id).trim()]))
  }

  /** Focuses a window and presses keys, given by their names in X. No window manager runs, so nothing else sets the focus. */
  press(window: string, ...keys: readonly string[]): void {
    this.#xdotool('windowfocus', '--sync', window)
    this.#xdotool('key', '--delay', '50', ...keys)
  }

  stop(): void {
    this.#server.kill()
  }

  #xdotool(...args: readonly string[]): string {
    const options = this.#user.options
    const { stdout } = spawnSync('xdotool', args, {
      ...options,
      env: { ...options.env, DISPLAY: this.name },
      encoding: 'utf8',
      // xdotool waits forever if the window was closed in the meantime.
      timeout: 10_000,
    })
    return stdout
  }
}
