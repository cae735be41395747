import { execFile } from 'node:child_process'
import { bundled } from '../../app/testing/bundle.ts'
import type { AppProcess } from './app-process.ts'
import { PASSWORD, type Person } from './team.ts'

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs a command line of `person` on the home of the running application. */
export function run(app: AppProcess, person: Person, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bundled('cli'), `--home=${app.home}`, '--as', person.email, '--json', ...args],
      { env: { ...process.env, PROPAGANDA_PASSWORD: PASSWORD } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}
