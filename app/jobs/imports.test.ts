import { expect, test } from 'vitest'
import type { UndoEvent } from '../../core/contract/import-undo.ts'
import { AppError } from '../../core/errors.ts'
import type { Id, UserId } from '../../core/id.ts'
import type { UndoStep } from '../import/undo-import.ts'
import { Imports } from './imports.ts'
import type { Signed } from '../session/sessions.ts'

const IMPORT = '01999999-0000-7000-8000-00000000000a' as Id
const imports = new Imports({
  entry: new URL('file:///not-started'),
  newId: () => IMPORT,
  askPast: () => Promise.reject(new Error('Not asked')),
  log: () => {},
})

/** Undoes an import whose steps end as given. Returns the events, the error, and the input of the last operation. */
async function undo(steps: readonly (UndoStep | AppError)[], signal?: AbortSignal) {
  const operations: { readonly name: string; readonly input: unknown }[] = []
  const left = [...steps]
  const run = async (name: string, _userId: UserId, input: unknown) => {
    operations.push({ name, input })
    if (name === 'imports.undoable') return { lines: 1_000 }
    if (name === 'imports.finishUndo') return null
    const step = left.shift()
    if (step instanceof AppError) throw step
    return step
  }
  const events: UndoEvent[] = []
  let error: unknown
  try {
    const signed = { workspace: { run }, userId: IMPORT } as unknown as Signed
    for await (const event of imports.undo(signed, { importId: IMPORT, dryRun: false }, signal)) events.push(event)
  } catch (caught) {
    error = caught
  }
  const finished = operations.find(({ name }) => name === 'imports.finishUndo')?.input
  return { events, error, finished }
}

const step = (next: number | null): UndoStep => ({ removed: 500, restored: 0, kept: 0, lines: 500, next })
const full = AppError.inEnglish('STORAGE', 'Trouble.', { reason: 'full', kept: '' })

test('an undo that fails or is cancelled before its first step is not recorded', async () => {
  expect(await undo([full])).toMatchObject({ error: full, finished: undefined })
  const aborted = await undo([step(null)], AbortSignal.abort())
  expect(aborted).toMatchObject({ events: [{ kind: 'done', cancelled: true }], finished: undefined })
})

test('an undo is recorded with its counts, and as cancelled if a later step fails', async () => {
  expect(await undo([step(500), full])).toMatchObject({ error: full, finished: { counts: { removed: 500 }, cancelled: true } })
  expect(await undo([step(500), step(null)])).toMatchObject({
    error: undefined,
    finished: { counts: { removed: 1_000 }, cancelled: false },
  })
})
