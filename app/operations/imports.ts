import type { UndoCounts } from '../../core/contract/import-undo.ts'
import type { ImportMap } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import { checkUndoStep, finishUndo, listImports, requireUndoable, undoImportStep } from '../import/undo-import.ts'
import { applyImportChunk, checkImportChunk, questionOfChunk, recordImport } from '../import/apply-chunk.ts'
import type { ImportChunk, ImportPast, ImportSummary } from '../import/import-chunk.ts'
import { compareKey } from '../import/compare-key.ts'
import { deleteMap, savedMaps, savedMapsFor, saveMap } from '../import/saved-maps.ts'
import type { KeyedRow } from '../import/key-evidence.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { writeDemoChunk, writeDemoPeople } from '../demo/write-demo.ts'
import type { DemoCall, DemoData } from '../demo/demo-data.ts'
import { read, requireAll, write, writeStep } from './operation.ts'

const IMPORTED = ['calls', 'users', 'loss_reasons', 'audit_logs']

export const importOperations = {
  /** Asked before a file is read; answers with what reading it depends on. */
  'imports.begin': read('list', (context) => {
    requireAll(context, 'import.run')
    const { time_zone, default_country } = getSettings(context.db, context.actor.clientId)
    return { timeZone: time_zone, defaultCountry: default_country, now: context.now }
  }),
  /** Whether the calls that a file's key leads to are those of the file. */
  'imports.compareKey': read('report', (context, input: { rows: readonly KeyedRow[]; past: ImportPast | null }) => {
    requireAll(context, 'import.run')
    return compareKey(context, input.rows, input.past)
  }),
  'imports.apply': writeStep(IMPORTED, (context, input: { chunk: ImportChunk; past: ImportPast }) => {
    requireAll(context, 'import.run')
    return applyImportChunk(context, input.chunk, input.past)
  }),
  'imports.check': read('report', (context, input: { chunk: ImportChunk; past: ImportPast }) => {
    requireAll(context, 'import.run')
    return checkImportChunk(context, input.chunk, input.past)
  }),
  /** What to ask the server before a chunk is applied. */
  'imports.question': read('report', (context, chunk: ImportChunk) => {
    requireAll(context, 'import.run')
    return questionOfChunk(context, chunk)
  }),
  'imports.record': writeStep(['audit_logs'], (context, summary: ImportSummary) => {
    requireAll(context, 'import.run')
    return recordImport(context, summary)
  }),
  'imports.maps': read('list', (context) => {
    requireAll(context, 'import.run')
    return savedMaps(context)
  }),
  'imports.mapsFor': read('list', (context, input: { columns: readonly string[] }) => {
    requireAll(context, 'import.run')
    return savedMapsFor(context, input.columns)
  }),
  'imports.saveMap': write([], (context, input: { name: string; header: readonly string[]; map: ImportMap }) => {
    requireAll(context, 'import.run')
    return saveMap(context, input)
  }),
  'imports.deleteMap': write([], (context, input: { name: string }) => {
    requireAll(context, 'import.run')
    return deleteMap(context, input.name)
  }),
  'imports.list': read('list', (context) => {
    requireAll(context, 'import.run')
    return listImports(context)
  }),
  /** Whether the actor may undo an import, and how many lines it wrote. */
  'imports.undoable': read('list', (context, input: { importId: Id }) => {
    requireAll(context, 'import.run')
    return { lines: requireUndoable(context, input.importId) }
  }),
  'imports.checkUndo': read('report', (context, input: { importId: Id; after: number }) => {
    requireAll(context, 'import.run')
    return checkUndoStep(context, input.importId, input.after)
  }),
  'imports.undo': writeStep(IMPORTED, (context, input: { importId: Id; after: number }) => {
    requireAll(context, 'import.run')
    return undoImportStep(context, input.importId, input.after)
  }),
  'imports.finishUndo': writeStep(IMPORTED, (context, input: { importId: Id; counts: UndoCounts; cancelled: boolean }) => {
    requireAll(context, 'import.run')
    return finishUndo(context, input.importId, input.counts, input)
  }),
  'demo.people': writeStep(
    ['users', 'loss_reasons', 'audit_logs'],
    (context, input: Pick<DemoData, 'users' | 'lossReasons'> & { readonly passwordHash: string }) => {
      requireAll(context, 'users.edit')
      return writeDemoPeople(context, input)
    },
  ),
  'demo.calls': writeStep(['calls', 'audit_logs'], (context, calls: readonly DemoCall[]) => {
    requireAll(context, 'calls.create')
    return writeDemoChunk(context, calls)
  }),
}
