import { UsageError } from './failure.ts'
import type { CliIo } from './io.ts'

const PASSWORD_ARGUMENT = /^--?(?:\w+-)*pass(?:word|wd|phrase)?s?(?:=|$)/i

/** Refuses a password in the arguments before they are used. The message does not repeat it. @throws UsageError */
export function refusePasswordArguments(args: readonly string[]): void {
  if (!args.some((argument) => PASSWORD_ARGUMENT.test(argument))) return
  throw new UsageError(
    'Passwords are not accepted on the command line: other programs on this device can read them there, and the shell stores them in its history. ' +
      'Nothing was done. Change the password that you typed. Then set PROPAGANDA_PASSWORD (your password) or PROPAGANDA_NEW_PASSWORD (a password to set), or pipe it into standard input.',
  )
}

/** Reads passwords from the environment or, line by line, from standard input. On a terminal it prompts for them and does not show them. */
export class Secrets {
  readonly #io: CliIo

  constructor(io: CliIo) {
    this.#io = io
  }

  /** Returns the password of the person of `--as`. */
  own(email: string): Promise<string> {
    return this.#first(['PROPAGANDA_PASSWORD'], `Password of ${email}`)
  }

  /** Returns a password to set. */
  next(email: string): Promise<string> {
    return this.#first(['PROPAGANDA_NEW_PASSWORD'], `New password of ${email}`)
  }

  /** Returns the password of a new client's admin. */
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
      throw new UsageError(`${prompt} is missing. Nothing was done. Set ${names[0] ?? ''} or pipe it into standard input.`)
    return line
  }
}
