import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const SHELLS = ['auto', 'electron', 'loopback'] as const
export type Shell = (typeof SHELLS)[number]

export type StartOptions = {
  readonly shell: Shell
  /** Whether to open a window. */
  readonly open: boolean
  /** The port of the loopback shell; 0: any free port. */
  readonly port: number
  /** Undefined: the default home. */
  readonly home: string | undefined
  readonly help: boolean
}

export const START_USAGE = `npm start -- [options]

  --shell=auto|electron|loopback  auto: Electron where it can be had, else the loopback shell (default)
  --no-open                       open no window; only print the address (loopback shell)
  --port=N                        port of the loopback shell; any free one by default
  --home=DIR                      folder for data (default: PROPAGANDA_HOME, else the system's folder for application data)
  --help                          this text`

/** A mistake in the options, with a message for the person who typed them. */
export class UsageError extends Error {}

/** @param cwd the folder for a relative `--home` */
export function parseStartOptions(args: readonly string[], cwd: string): StartOptions {
  const { values } = read(args)
  const { shell = 'auto', port: portText = '0', home } = values
  if (!isShell(shell)) throw new UsageError(`--shell=${shell} is not one of ${SHELLS.join(', ')}.`)
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port > 65_535)
    throw new UsageError(`--port=${portText} is not a port: a whole number from 0 to 65535.`)
  if (home === '') throw new UsageError('--home is empty. Name a folder.')
  return {
    shell,
    open: values.open ?? true,
    port,
    home: home === undefined ? undefined : resolve(cwd, home),
    help: values.help ?? false,
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        shell: { type: 'string' },
        open: { type: 'boolean' },
        port: { type: 'string' },
        home: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function isShell(value: string): value is Shell {
  return SHELLS.some((shell) => shell === value)
}
