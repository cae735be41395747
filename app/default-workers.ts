/** The entry files of the application's worker threads. */
export type WorkerEntries = Readonly<Record<'database' | 'passwords' | 'imports' | 'exports' | 'reports', URL>>

/** Source files import the source of a worker, bundles their bundled one. */
const isSource = import.meta.url.endsWith('.ts')
const extension = isSource ? 'ts' : 'mjs'

/** The entries next to this module, in the source tree or in a bundle of ES modules. */
export const defaultWorkers: WorkerEntries = {
  database: new URL(`./workers/database.${extension}`, import.meta.url),
  passwords: new URL(isSource ? '../platform/passwords/password-thread.ts' : './workers/passwords.mjs', import.meta.url),
  imports: new URL(`./workers/imports.${extension}`, import.meta.url),
  exports: new URL(`./workers/exports.${extension}`, import.meta.url),
  reports: new URL(`./workers/reports.${extension}`, import.meta.url),
}
