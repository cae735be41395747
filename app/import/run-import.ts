import type { ImportReport } from '../../core/contract/imports.ts'
import type { ImportJob, ImportSink } from './import-chunk.ts'

/**
 * Reads, maps and checks a file row by row and hands chunks of valid rows to the sink, the next one being made ready while the last one
 * is written. A bad row is refused and reported and never stops the run. Aborting ends it after the chunks under way; its report says so.
 * @throws AppError INVALID where the map does not fit the file; whatever the sink throws when the workspace itself fails (storage, session).
 */
export function runImport(_job: ImportJob, _sink: ImportSink, _signal: AbortSignal): Promise<ImportReport> {
  return Promise.reject(new Error('Not written yet'))
}
