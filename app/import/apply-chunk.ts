import type { ReadableDb, WritableDb } from '../../db/open.ts'
import type { OperationContext } from '../operations/operation.ts'
import type { ImportChunk, ImportChunkResult, ImportSummary } from './import-chunk.ts'

/** The body of a write operation: creates and updates the chunk's calls, and the agents and loss reasons that they need. */
export function applyImportChunk(_context: OperationContext<WritableDb>, _chunk: ImportChunk): ImportChunkResult {
  throw new Error('Not written yet')
}

/** The body of a read operation: what `applyImportChunk` would do. */
export function checkImportChunk(_context: OperationContext<ReadableDb>, _chunk: ImportChunk): ImportChunkResult {
  throw new Error('Not written yet')
}

/** The body of a write operation: the run's one IMPORT event in the audit trail. */
export function recordImport(_context: OperationContext<WritableDb>, _summary: ImportSummary): null {
  throw new Error('Not written yet')
}
