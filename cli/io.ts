import type { Application } from '../app/application.ts'
import type { Clock } from '../core/id.ts'

type Sink = { readonly write: (text: string) => void; readonly isTTY: boolean }

export type Source = {
  readonly isTTY: boolean
  /** The next line without its end; undefined at the end of the input. Where it is a terminal, what is typed is not shown. */
  readonly secretLine: () => Promise<string | undefined>
}

/** All that a command knows of the process it runs in. */
export type CliIo = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What relative paths are relative to. */
  readonly cwd: string
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly clock: Clock
  readonly defaultHome: string
  readonly version: string
  /** The application on a home, and where it logs. */
  readonly open: (home: string) => {
    readonly application: Application
    readonly logPath: string
    readonly close: () => Promise<void>
  }
  /** Calls `listener` on Ctrl+C instead of ending the process, until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void
}
