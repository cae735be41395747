import type { UndoCounts } from '../../core/contract/import-undo.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { Id } from '../../core/id.ts'
import { checkUndoStep, finishUndo, listImports, requireUndoable, undoImportStep } from '../import/undo-import.ts'
import { applyImportChunk, checkImportChunk, questionOfChunk, recordImport } from '../import/apply-chunk.ts'
import type { ImportChunk, ImportPast, ImportSummary } from '../import/import-chunk.ts'
import { knownPast } from '../import/known-past.ts'
import { compareKey } from '../import/compare-key.ts'
import { deleteMap, savedMaps, savedMapsFor, saveMap } from '../import/saved-maps.ts'
import type { KeyedRow } from '../import/key-evidence.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { command, query } from '../declaration/operation.ts'

const IMPORTED = ['calls', 'users', 'loss_reasons', 'audit_logs']

export const importsOperations = {
  /** Runs before a file is read. Returns the workspace's values that the reading depends on. */
  'imports.begin': query({
    access: 'import.run',
    thread: 'list',
    run: ({ db, actor, now }) => {
      const { time_zone, default_country } = getSettings(db, actor.clientId)
      return { timeZone: time_zone, defaultCountry: default_country, now }
    },
  }),
  /** Whether the calls found by the file's key are the calls of the file. */
  'imports.compareKey': query({
    access: 'import.run',
    thread: 'report',
    run: (context, { rows, past }: { rows: readonly KeyedRow[]; past: ImportPast | null }) =>
      compareKey(context, rows, past === null ? null : knownPast(past)),
  }),
  /** Returns the question for the server before a chunk is applied. */
  'imports.question': query({
    access: 'import.run',
    thread: 'report',
    run: (context, chunk: ImportChunk) => questionOfChunk(context, chunk),
  }),
  'imports.check': query({
    access: 'import.run',
    thread: 'report',
    run: (context, { chunk, past }: { chunk: ImportChunk; past: ImportPast }) =>
      checkImportChunk(context, chunk, knownPast(past)),
  }),
  'imports.apply': command({
    access: 'import.run',
    changes: IMPORTED,
    isPart: true,
    run: (context, { chunk, past }: { chunk: ImportChunk; past: ImportPast }) =>
      applyImportChunk(context, chunk, knownPast(past)),
  }),
  'imports.record': command({
    access: 'import.run',
    changes: ['audit_logs'],
    isPart: true,
    run: (context, summary: ImportSummary) => recordImport(context, summary),
  }),
  'imports.maps': query({ access: 'import.run', thread: 'list', run: (context) => savedMaps(context) }),
  'imports.mapsFor': query({
    access: 'import.run',
    thread: 'list',
    run: (context, { columns }: { columns: readonly string[] }) => savedMapsFor(context, columns),
  }),
  'imports.saveMap': command({
    access: 'import.run',
    changes: [],
    run: (context, input: ProcedureInput<'imports.saveMap'>) => saveMap(context, input),
  }),
  'imports.deleteMap': command({
    access: 'import.run',
    changes: [],
    run: (context, { name }: ProcedureInput<'imports.deleteMap'>) => deleteMap(context, name),
  }),
  'imports.list': query({ access: 'import.run', thread: 'list', run: (context) => listImports(context) }),
  /** Whether the actor may undo an import, and how many lines it wrote. */
  'imports.undoable': query({
    access: 'import.run',
    thread: 'list',
    run: (context, { importId }: { importId: Id }) => ({ lines: requireUndoable(context, importId) }),
  }),
  'imports.checkUndo': query({
    access: 'import.run',
    thread: 'report',
    run: (context, { importId, after }: { importId: Id; after: number }) => checkUndoStep(context, importId, after),
  }),
  'imports.undoPart': command({
    access: 'import.run',
    changes: IMPORTED,
    isPart: true,
    run: (context, { importId, after }: { importId: Id; after: number }) => undoImportStep(context, importId, after),
  }),
  'imports.finishUndo': command({
    access: 'import.run',
    changes: IMPORTED,
    isPart: true,
    run: (context, { importId, counts, cancelled }: { importId: Id; counts: UndoCounts; cancelled: boolean }) =>
      finishUndo(context, importId, counts, { cancelled }),
  }),
}
