import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { must } from '../../core/assert.ts'
import { PUBLISH_KEY } from './test-server.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export type ServerProcessOptions = {
  readonly dataDir: string
  /** The log level of pino. */
  readonly log?: 'silent' | 'warn'
  /** The size of a separate file system for `dataDir`, so that a test can fill it. */
  readonly disk?: string
}

/** The server as in the product: a separate process, which the test stops or kills. */
export class ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  /** The lines of its log. */
  readonly logged: readonly string[]

  private constructor(url: string, child: ChildProcess, logged: readonly string[]) {
    this.url = url
    this.child = child
    this.logged = logged
  }

  static async start({ dataDir, log = 'silent', disk }: ServerProcessOptions): Promise<ServerProcess> {
    const args = [MAIN, `--data=${dataDir}`, '--port=0', `--log=${log}`]
    const env = { ...process.env, PROPAGANDA_PUBLISH_KEY: PUBLISH_KEY }
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    // A mount in a separate namespace needs no rights and ends with the process.
    const mounted = `mount -t tmpfs -o size=${disk} tmpfs "$0" && exec "$@"`
    const child =
      disk === undefined
        ? spawn(process.execPath, args, { stdio, env })
        : spawn('unshare', ['-rm', 'sh', '-c', mounted, dataDir, process.execPath, ...args], { stdio, env })
    const logged: string[] = []
    createInterface({ input: must(child.stderr, 'Standard error is piped') }).on('line', (line) => logged.push(line))
    for await (const line of createInterface({ input: must(child.stdout, 'Standard output is piped') })) {
      const url = /^Propaganda sync server ready at (http:\S+)$/.exec(line)?.[1]
      if (url !== undefined) return new ServerProcess(url, child, logged)
    }
    throw new Error(`The server ended before it was ready: ${logged.join('\n')}`)
  }

  /** The directory as the process sees it. */
  inside(path: string): string {
    return `/proc/${this.child.pid}/root${path}`
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Returns the memory in use and its maximum so far, MB. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
    const megabytes = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1_024)
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill(signal)
    await ended
  }
}
