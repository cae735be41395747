/** The entry files of the application's worker threads. */
export type WorkerEntries = { readonly database: URL; readonly passwords: URL; readonly imports: URL }

/** The entries as they lie in the source tree; a packaged build passes its bundled ones instead. */
export const sourceWorkers: WorkerEntries = {
  database: new URL('./workers/database.ts', import.meta.url),
  passwords: new URL('../platform/passwords/password-thread.ts', import.meta.url),
  imports: new URL('./workers/imports.ts', import.meta.url),
}
