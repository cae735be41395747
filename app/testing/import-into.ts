import type { ImportReport } from '../../core/contract/imports.ts'
import type { UndoCounts } from '../../core/contract/import-undo.ts'
import { importMapSchema, type ImportMapInput } from '../../core/contract/imports.ts'
import type { Id, UserId } from '../../core/id.ts'
import type { TestWorkspace } from '../../db/testing/test-workspace.ts'
import type { ImportSink } from '../import/import-chunk.ts'
import { runImport } from '../import/run-import.ts'
import { runOperation } from '../operations/run-operation.ts'
import { operationContext } from './operation-context.ts'

/** Imports `text` into a workspace's file as `userId`, without threads. */
export async function importInto(
  workspace: TestWorkspace,
  text: string | Uint8Array,
  map: ImportMapInput,
  {
    userId = workspace.adminId,
    dryRun = false,
    overwrite = true,
  }: { userId?: UserId; dryRun?: boolean; overwrite?: boolean } = {},
): Promise<ImportReport> {
  const { clientId, newId } = workspace
  const context = () => operationContext(workspace, userId)
  const sink: ImportSink = {
    apply: async (chunk) =>
      dryRun
        ? runOperation('imports.check', context(), { chunk, past: [] })
        : workspace.write(() => runOperation('imports.apply', context(), { chunk, past: [] }), { userId }),
    progress: () => {},
    finish: async (summary) => void workspace.write(() => runOperation('imports.record', context(), summary), { userId }),
  }
  const job = {
    importId: newId(),
    fileName: null,
    clientId,
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    map: importMapSchema.parse(map),
    dryRun,
    overwrite,
    timeZone: 'Europe/Berlin',
    defaultCountry: null,
    // Later than all rows of the tests' files.
    now: Date.UTC(2027, 0, 1),
    rowCount: null,
  }
  return runImport(job, sink, new AbortController().signal)
}

/** The mapping of the tests' files, and a function that returns such a file with the given rows. */
export const MAP: ImportMapInput = {
  source: 'test',
  fields: {
    externalId: { column: 'Id' },
    agent: { column: 'Agent' },
    prospectName: { column: 'Name' },
    dateTime: { column: 'At' },
    status: { column: 'Status' },
    outcome: { column: 'Outcome' },
    lossReason: { column: 'Reason' },
    callDuration: { column: 'Secs' },
    notes: { column: 'Notes' },
  },
  dateFormat: 'ISO',
}
const HEADER = 'Id,Agent,Name,At,Status,Outcome,Reason,Secs,Notes'
export const file = (...rows: string[]) => [HEADER, ...rows].join('\n')

/** Undoes an import as the application does, without threads and in at most `steps` steps. */
export function undoInto(
  workspace: TestWorkspace,
  importId: Id,
  { userId = workspace.adminId, dryRun = false, steps = Infinity }: { userId?: UserId; dryRun?: boolean; steps?: number } = {},
): UndoCounts {
  const context = () => operationContext(workspace, userId)
  const counts = { removed: 0, restored: 0, kept: 0 }
  let after: number | null = 0
  for (let n = 0; after !== null && n < steps; n++) {
    const from: number = after
    const step = dryRun
      ? runOperation('imports.checkUndo', context(), { importId, after: from })
      : workspace.write(() => runOperation('imports.undoPart', context(), { importId, after: from }), { userId })
    for (const kind of ['removed', 'restored', 'kept'] as const) counts[kind] += step[kind]
    after = step.next
  }
  const cancelled = after !== null
  if (!dryRun) workspace.write(() => runOperation('imports.finishUndo', context(), { importId, counts, cancelled }), { userId })
  return counts
}
