import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ORPCError } from '@orpc/client'
import { downloadToken } from '../../app/shell/download.ts'
import { must } from '../../core/assert.ts'
import type { Api } from '../../core/contract/contract.ts'
import type { ExportedFile } from '../../core/contract/exports.ts'
import type { SignedIn } from '../../core/contract/session.ts'
import { AppError } from '../../core/errors.ts'
import { isId } from '../../core/id.ts'
import { unsavableText } from '../../core/storage-text.ts'
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts'
import { UsageError } from '../terminal/failure.ts'
import type { CliIo } from '../terminal/io.ts'
import { Lookup } from '../values/lookup.ts'
import { Output } from '../terminal/output.ts'
import { Secrets } from '../terminal/secrets.ts'

/** The options of every command. */
export type GlobalOptions = {
  readonly home?: string
  /** E-mail address of the person who signs in. */
  readonly as?: string
  /** Id or name of the client, for a person with several clients; for `workspace create` the new client's name. */
  readonly client?: string
  readonly json?: boolean
}

export type Connected = {
  readonly api: Api
  readonly out: Output
  readonly secrets: Secrets
  /** Returns the target of an export to this path. */
  readonly exportTo: (path: string) => string
  /** Returns the path of a file that was exported without a target. */
  readonly downloaded: (file: ExportedFile) => string
}
export type Signed = Connected & {
  readonly session: SignedIn
  readonly lookup: Lookup
  /** The client's time zone. */
  readonly zone: string
  /** The password with which the person signed in. */
  readonly current: string
}
/** The result of a command; no value: success. */
export type Ending = Promise<ExitCode | void>

type Choice = { readonly clients: readonly { readonly id: string; readonly name: string }[] }

function choiceOf(error: unknown): Choice | undefined {
  return error instanceof ORPCError && error.code === 'CHOOSE_CLIENT' ? (error.data as Choice) : undefined
}

async function signIn(api: Api, email: string, password: string, client: string | undefined): Promise<SignedIn> {
  const credentials = { email, password }
  const byId: boolean = client !== undefined && isId(client)
  if (client !== undefined && byId) return api.session.signIn({ ...credentials, clientId: client })
  try {
    const session = await api.session.signIn(credentials)
    if (client === undefined || session.client.name.toLowerCase() === client.toLowerCase()) return session
    throw AppError.inEnglish('NOT_FOUND', `${email} has no account in a client “${client}” on this device. Nothing was done.`)
  } catch (error) {
    const chosen = choiceOf(error)?.clients.filter(({ name }) => name.toLowerCase() === client?.toLowerCase())
    const [only, other] = chosen ?? []
    if (only === undefined || other !== undefined) throw error
    return api.session.signIn({ ...credentials, clientId: only.id })
  }
}

/** Runs one command: opens the application, signs in, and always closes the application. */
export class Runner {
  readonly io: CliIo
  /** The exit code of the last command. */
  exitCode: ExitCode = EXIT.ok
  /** The file with the details of an unexpected error. */
  logPath = 'the log'

  constructor(io: CliIo) {
    this.io = io
  }

  home({ home }: GlobalOptions): string {
    if (home === '') throw new UsageError('--home is empty. Name a folder.')
    return resolve(this.io.cwd, home ?? this.io.defaultHome)
  }

  output({ json }: GlobalOptions): Output {
    return new Output(this.io, json === true)
  }

  path(file: string): string {
    return resolve(this.io.cwd, file)
  }

  /** Runs a command that needs no database. */
  async offline(options: GlobalOptions, work: (home: string, out: Output) => Ending): Promise<void> {
    this.exitCode = (await work(this.home(options), this.output(options))) ?? EXIT.ok
  }

  /** Runs a command that needs no sign-in. */
  async connected(options: GlobalOptions, work: (context: Connected) => Ending): Promise<void> {
    const { application, logPath, close } = this.io.open(this.home(options))
    this.logPath = logPath
    try {
      const context = application.openConnection('cli')
      const exportTo = (path: string) => application.exportFiles.choose(context.connection, path)
      const downloaded = ({ download }: ExportedFile) => {
        const file = application.exportFiles.download(context.connection, downloadToken(download ?? '') ?? '')
        return must(file, 'The file was exported for this connection').path
      }
      const secrets = new Secrets(this.io)
      const connected = { api: application.apiOf(context), out: this.output(options), secrets, exportTo, downloaded }
      this.exitCode = (await work(connected)) ?? EXIT.ok
    } finally {
      await close()
    }
  }

  async signedIn(options: GlobalOptions, work: (context: Signed) => Ending): Promise<void> {
    const { client } = options
    const as = requireAs(options)
    const home = this.home(options)
    if (!existsSync(home)) throw noWorkspace(home)
    await this.connected(options, async (connected) => {
      const { api, secrets } = connected
      if ((await api.session.get()).state === 'first_start') throw noWorkspace(home)
      const current = await secrets.own(as)
      const session = await signIn(api, as, current, client)
      if (session.unsavable !== undefined) connected.out.note(`Nothing can be saved. ${unsavableText(session.unsavable)}`)
      return work({ ...connected, session, lookup: new Lookup(api, session), zone: session.settings.time_zone, current })
    })
  }
}

/** Returns the e-mail address of the person who runs the command. @throws UsageError if it is missing. */
export function requireAs({ as }: GlobalOptions): string {
  if (as !== undefined) return as
  throw new UsageError('--as is missing. Add --as EMAIL, with the password in PROPAGANDA_PASSWORD or on standard input.')
}

function noWorkspace(home: string): AppError<'NOT_FOUND'> {
  const message = `There is no workspace in ${home}. To create one, run “workspace create”, or choose another folder with --home.`
  return AppError.inEnglish('NOT_FOUND', message)
}
