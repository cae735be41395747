import { UsageError } from './failure.ts'
import type { CliIo } from './io.ts'

const PASSWORD_ARGUMENT = /^--?(?:\w+-)*pass(?:word|wd|phrase)?s?(?:=|$)/i

/** Refuses a password among the arguments before anything is done with them; the message does not repeat it. */
export function refusePasswordArguments(args: readonly string[]): void {
  if (!args.some((argument) => PASSWORD_ARGUMENT.test(argument))) return
  throw new UsageError(
    'A password is never taken from the command line: other programs on this device can read it there, and the shell keeps it in its history. ' +
      'Nothing was done. Set PROPAGANDA_PASSWORD (yours) or PROPAGANDA_NEW_PASSWORD (one to be set), or pipe it into standard input; and change the one just typed.',
  )
}

/** Passwords from the environment or, line by line, from standard input; on a terminal they are asked for without being shown. */
export class Secrets {
  readonly #io: CliIo

  constructor(io: CliIo) {
    this.#io = io
  }

  /** The password of `--as`. */
  own(email: string): Promise<string> {
    return this.#first(['PROPAGANDA_PASSWORD'], `Password of ${email}`)
  }

  /** A password to be set. */
  next(email: string): Promise<string> {
    return this.#first(['PROPAGANDA_NEW_PASSWORD'], `New password of ${email}`)
  }

  /** The password of a new workspace's admin. */
  admin(email: string): Promise<string> {
    return this.#first(['PROPAGANDA_NEW_PASSWORD', 'PROPAGANDA_PASSWORD'], `Password of ${email}`)
  }

  async #first(names: readonly string[], prompt: string): Promise<string> {
    for (const name of names) {
      const value = this.#io.env[name]
      if (value !== undefined && value !== '') return value
    }
    const { stdin, stderr } = this.#io
    if (stdin.isTTY) stderr.write(`${prompt}: `)
    const line = await stdin.secretLine()
    if (stdin.isTTY) stderr.write('\n')
    if (line === undefined || line === '')
      throw new UsageError(`${prompt} is missing. Nothing was done; set ${names[0] ?? ''} or pipe it into standard input.`)
    return line
  }
}
