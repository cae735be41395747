import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import type { AuditQuery } from '../../core/sync/protocol.ts'
import type { Signed } from '../session/sessions.ts'
import { PIECE, ServerLines, type TrailSource } from './server-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'server-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

let paths = 0
const temporary = () => join(folder, `${paths++}`)
const idOf = (n: number) => `line ${n}`

function line(n: number): AuditEntry {
  const oldValues = { status: 'no_show', prospect_name: 'Secret', notes: 'Secret' }
  return { id: idOf(n), userId: null, recordId: `call ${n}`, action: 'UPDATE', oldValues, createdAt: n } as unknown as AuditEntry
}

/** A server with lines by number, the newest last, and a device with unsent lines. */
class Trail implements TrailSource {
  lines: number[] = []
  unsent: number[] = []
  isReached = true
  /** Called before each page of the server is read. */
  onPage: () => void = () => {}
  readonly limits: (number | undefined)[] = []

  settle = () => Promise.resolve()

  trail = (_: Signed, { cursor, limit }: AuditQuery) => {
    this.onPage()
    this.limits.push(limit)
    if (!this.isReached) return Promise.resolve(null)
    // The cursor is the number of the line before the page.
    const older = this.lines.filter((n) => cursor === undefined || n < Number(cursor)).toReversed()
    const rows = older.slice(0, limit).map(line)
    const next = older.length > rows.length ? String(older[rows.length - 1]) : null
    return Promise.resolve({ rows, next })
  }

  readonly signed = {
    userId: 'someone',
    workspace: {
      run: (_: string, __: string, { before, limit }: { before: number | null; limit: number }) => {
        const start = before ?? 0
        const rows = this.unsent
          .toReversed()
          .slice(start, start + limit)
          .map(line)
        return Promise.resolve({ rows, next: start + limit < this.unsent.length ? start + limit : null })
      },
    },
  } as unknown as Signed
}

let trail: Trail
let lines: ServerLines
beforeEach(() => {
  trail = new Trail()
  lines = new ServerLines(trail, trail.signed, 0, temporary)
})

/** Returns the ids of the lines that a request finds, and the number of lines that it fetched. */
async function read(from = lines): Promise<{ ids: string[]; fetched: number }> {
  let fetched = 0
  const ids = await from.use(
    (count) => void (fetched += count),
    (files) =>
      Promise.resolve(
        files.flatMap((file) =>
          readFileSync(file, 'utf8')
            .split('\n')
            .slice(0, -1)
            .map((text) => (JSON.parse(text) as { id: string }).id),
        ),
      ),
  )
  return { ids, fetched }
}

/** Reads the files of a request with `use`. */
const readIn = (use: (files: readonly string[]) => Promise<string>) => lines.use(() => {}, use)

const newestFirst = (...numbers: number[]) => numbers.toReversed().map(idOf)
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n)

test('the lines are fetched and stored in pieces, newest first, with only the values that are counted', async () => {
  trail.lines = upTo(3 * PIECE + 7)
  trail.unsent = [90_001, 90_002]
  const { ids } = await read()
  expect(ids).toEqual(newestFirst(...trail.lines, ...trail.unsent))
  expect(new Set(trail.limits)).toEqual(new Set([PIECE]))
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), 'utf8')).not.toContain('Secret')
})

test('a later request fetches only newer lines', async () => {
  trail.lines = upTo(3 * PIECE)
  await read()
  expect(await read()).toEqual({ ids: newestFirst(...trail.lines), fetched: 0 })
  trail.lines.push(10_001, 10_002)
  expect(await read()).toEqual({ ids: newestFirst(...trail.lines), fetched: 2 })
  expect((await read()).fetched).toBe(0)
})

test('lines that arrive during a long fetch are in the result', async () => {
  trail.lines = upTo(2 * PIECE)
  trail.onPage = () => {
    if (trail.lines.length < 2 * PIECE + 3) trail.lines.push(20_000 + trail.lines.length)
  }
  expect((await read()).ids).toEqual(newestFirst(...trail.lines))
})

test('a line that the server accepts during the fetch is in the result once', async () => {
  trail.lines = upTo(5)
  trail.unsent = [30_001]
  trail.onPage = () => {
    if (trail.unsent.length > 0) trail.lines.push(trail.unsent.pop() ?? NaN)
  }
  expect((await read()).ids).toEqual(newestFirst(0, 1, 2, 3, 4, 30_001))
})

test('all lines are fetched again if no known line is in the trail, for example because the person may read other calls', async () => {
  trail.lines = upTo(2 * PIECE)
  await read()
  trail.lines = upTo(PIECE, 5_000)
  expect((await read()).ids).toEqual(newestFirst(...trail.lines))
})

test('a request that reads for long finds its files, also if all lines are fetched again in between', async () => {
  trail.lines = upTo(2 * PIECE)
  const before = readdirSync(folder)
  const [started, replaced] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = readIn(async (files) => {
    started.resolve()
    await replaced.promise
    return files.map((file) => readFileSync(file, 'utf8')).join('')
  })
  await started.promise
  trail.lines = upTo(PIECE, 5_000)
  await readIn(() => Promise.resolve(''))
  replaced.resolve()
  expect(await slow).toContain(idOf(0))
  lines.drop()
  expect(readdirSync(folder)).toEqual(before)
})

test('requests at the same time share the lines', async () => {
  trail.lines = upTo(2 * PIECE)
  const [one, two] = await Promise.all([read(), read()])
  expect(one.ids).toEqual(two.ids)
  expect(one.fetched + two.fetched).toBe(2 * PIECE)
})

test('a cancelled request and an unreachable server leave no files and no lines', async () => {
  trail.lines = upTo(3 * PIECE)
  const before = readdirSync(folder)
  const cancelled = AppError.inEnglish('CONFLICT', 'Cancelled.', {})
  let pieces = 0
  const onLines = () => {
    if (++pieces === 3) throw cancelled
  }
  await expect(lines.use(onLines, () => Promise.resolve(null))).rejects.toBe(cancelled)
  expect(trail.limits).toHaveLength(2)
  expect(readdirSync(folder)).toEqual(before)
  trail.isReached = false
  await expect(read()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  expect(readdirSync(folder)).toEqual(before)
  trail.isReached = true
  expect((await read()).ids).toEqual(newestFirst(...trail.lines))
})

test('dropped files are removed after the last request has read them', async () => {
  trail.lines = upTo(PIECE + 1)
  const before = readdirSync(folder)
  await lines.use(
    () => {},
    (files) => {
      lines.drop()
      for (const file of files) readFileSync(file)
      return Promise.resolve(null)
    },
  )
  expect(readdirSync(folder)).toEqual(before)
})
