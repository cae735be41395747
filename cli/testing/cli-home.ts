import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApplication, type Application } from '../../app/application.ts'
import { bundledWorkers } from '../../app/testing/bundle.ts'
import type { Api } from '../../core/contract/contract.ts'
import type { Role } from '../../core/roles.ts'
import type { CliIo } from '../terminal/io.ts'
import { runCli } from '../program.ts'

export const PASSWORD = 'correct horse'
export const ADMIN = 'ada@acme.test'

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string }

/**
 * Runs command lines on a separate home in this process, like `main.ts`, but with a low cost of bcrypt. All commands use one application,
 * because starting its threads a hundred times takes minutes.
 */
export class CliHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-cli-'))
  readonly home = join(this.folder, 'home')
  now = Date.UTC(2026, 10, 22, 9)
  /** Whether Ctrl+C is pressed as soon as a command listens for it. */
  interrupt = false
  readonly #applications = new Map<string, Application>()

  /** @param input the text of standard input */
  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = { PROPAGANDA_PASSWORD: PASSWORD },
    input = '',
  ): Promise<Outcome> {
    let [stdout, stderr] = ['', '']
    const lines = input === '' ? [] : input.split('\n')
    const io: CliIo = {
      env,
      cwd: this.folder,
      stdin: { isTTY: false, secretLine: async () => lines.shift() },
      stdout: { isTTY: false, write: (text) => void (stdout += text) },
      stderr: { isTTY: false, write: (text) => void (stderr += text) },
      clock: () => this.now,
      defaultHome: this.home,
      version: '1.2.3',
      open: (home) => {
        const application = this.#applicationOn(home)
        const { session } = application.apiOf(application.openConnection('cli'))
        const close = async () => {
          if ((await session.get()).state === 'signed_in') await session.signOut()
        }
        return { application, logPath: 'the log', close }
      },
      onInterrupt: (listener) => {
        if (this.interrupt) listener()
        return () => {}
      },
    }
    const code = await runCli(args, io)
    return { code, stdout, stderr }
  }

  /** Runs a command as `who` with `--json`. Returns the parsed output. Throws if the command fails. */
  async json<T = Record<string, unknown>>(who: string, ...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(['--as', who, '--json', ...args])
    if (code !== 0 && code !== 8) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as T
  }

  /** Creates the client “Acme” with its admin. */
  async acme(): Promise<void> {
    const create = [
      'workspace',
      'create',
      '--client',
      'Acme',
      '--time-zone',
      'Europe/Berlin',
      '--admin-email',
      ADMIN,
      '--admin-name',
      'Ada',
    ]
    const { code, stderr } = await this.run(create)
    if (code !== 0) throw new Error(stderr)
  }

  async member(role: Role, email: string, name: string): Promise<string> {
    const env = { PROPAGANDA_PASSWORD: PASSWORD, PROPAGANDA_NEW_PASSWORD: PASSWORD }
    const { code, stdout, stderr } = await this.run(
      ['--as', ADMIN, '--json', 'user', 'add', '--email', email, '--name', name, '--role', role],
      env,
    )
    if (code !== 0) throw new Error(stderr)
    return (JSON.parse(stdout) as { id: string }).id
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /** Returns the API of the application that the commands use, signed in as `who`. */
  async api(who: string): Promise<Api> {
    const application = this.#applicationOn(this.home)
    const api = application.apiOf(application.openConnection(`api ${who}`))
    if ((await api.session.get()).state !== 'signed_in') await api.session.signIn({ email: who, password: PASSWORD })
    return api
  }

  /** Closes the application, like every command line; the next command starts another. */
  async stop(): Promise<void> {
    await Promise.all([...this.#applications.values()].map((application) => application.close()))
    this.#applications.clear()
  }

  async dispose(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #applicationOn(home: string): Application {
    let application = this.#applications.get(home)
    if (application !== undefined) return application
    application = createApplication({
      home,
      clock: () => this.now,
      random: (length) => randomBytes(length),
      device: { name: 'test', os: 'test', version: '1.2.3', address: '127.0.0.1' },
      workers: bundledWorkers(),
      log: () => {},
      bcryptCost: 4,
    })
    this.#applications.set(home, application)
    return application
  }
}
