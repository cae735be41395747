import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from '../../testing/bundle.ts'

export const PUBLISH_KEY = 'a publish key of the tests'

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The real sync server in its own process, so that a test can kill it. It has the same address after every start. */
export class ServerProcess {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'propaganda-server-'))
  /** The text of its log. */
  logged = ''
  #port = 0
  #child: ChildProcess | undefined

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort()
    const child = spawn(process.execPath, [bundled('sync-server'), `--data=${this.dataDir}`, `--port=${this.#port}`], {
      env: { ...process.env, PROPAGANDA_PUBLISH_KEY: PUBLISH_KEY, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stderr?.on('data', (data: Buffer) => (this.logged += data.toString()))
    await new Promise<void>((resolve, reject) => {
      let out = ''
      child.stdout?.on('data', (data: Buffer) => {
        out += data.toString()
        if (out.includes('ready at')) resolve()
      })
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${this.logged.slice(-2_000)}`)))
    })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    await ended
  }

  /** Restarts the server with the same data at another address. */
  async moveToAnotherPort(): Promise<void> {
    await this.stop()
    this.#port = await freePort()
    await this.start()
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Returns all bytes of its files. */
  bytes(): Buffer {
    return Buffer.concat(readdirSync(this.dataDir).map((name) => readFileSync(join(this.dataDir, name))))
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}
