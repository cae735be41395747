import type { Application } from '../../app/application.ts'
import type { Clock } from '../../core/id.ts'

type Sink = { readonly write: (text: string) => void; readonly isTTY: boolean }

export type Source = {
  readonly isTTY: boolean
  /** Returns the next line without its end; undefined at the end of the input. A terminal does not show what is typed. */
  readonly secretLine: () => Promise<string | undefined>
}

/** The part of the process that commands use. */
export type CliIo = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder for relative paths. */
  readonly cwd: string
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly clock: Clock
  readonly defaultHome: string
  readonly version: string
  /** Opens the application on a home. `logPath` is its log file. */
  readonly open: (home: string) => {
    readonly application: Application
    readonly logPath: string
    readonly close: () => Promise<void>
  }
  /** Calls `listener` on Ctrl+C instead of ending the process, until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void
}
