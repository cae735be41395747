import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { Api } from '../../core/contract/contract.ts'
import type { CsvStyle, ExportFormat } from '../../core/contract/exports.ts'
import type { ImportReport } from '../../core/contract/imports.ts'
import type { UserId } from '../../core/id.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { TestApplication, wonCall } from '../testing/test-application.ts'

const app = new TestApplication()
const folder = mkdtempSync(join(tmpdir(), 'propaganda-own-export-'))
let admin: Api
let me: UserId
let twins: readonly UserId[]
let workspaces = 0

beforeAll(async () => {
  const made = await app.workspace('origin', 'Origin', 'ada@origin.test')
  admin = made.api
  me = made.session.user.id
  const add = (email: string) => admin.users.create({ email, name: 'Sam Twin', role: 'agent', password: 'correct horse' })
  twins = [(await add('one@origin.test')).id, (await add('two@origin.test')).id]
})
afterAll(async () => {
  await app.dispose()
  rmSync(folder, { recursive: true })
})

const FORMATS: readonly { readonly format: ExportFormat; readonly style: CsvStyle }[] = [
  { format: 'csv', style: 'safe' },
  { format: 'csv', style: 'raw' },
  { format: 'xlsx', style: 'safe' },
]

let files = 0
async function exported({ format, style }: (typeof FORMATS)[number]): Promise<File> {
  const path = join(folder, `${files++}.${format}`)
  const target = app.application.exportFiles.choose('origin', path)
  for await (const _ of await admin.exports.calls({ format, style, target }));
  return new File([readFileSync(path)], `calls.${format}`)
}

async function imported(api: Api, file: File): Promise<ImportReport> {
  const { importId, suggestedMap, warnings } = await api.imports.inspect({ file })
  expect(warnings).toEqual([])
  let report: ImportReport | undefined
  for await (const event of await api.imports.run({ importId, map: suggestedMap, overwrite: true }))
    if (event.kind === 'report') ({ report } = event)
  return must(report, 'A run ends with its report')
}

/** The values of all calls with names in place of the ids of people and reasons. */
async function values(api: Api): Promise<Record<string, unknown>[]> {
  const [{ rows }, people, reasons] = await Promise.all([
    api.calls.list({ limit: 500 }),
    api.users.names(),
    api.lossReasons.list(),
  ])
  const nameOf = new Map([...people, ...reasons].map(({ id, name }) => [id as string, name]))
  return rows
    .map((call: Call) => {
      const reason = call.lossReasonId === null ? null : nameOf.get(call.lossReasonId)
      const own = { userId: null, lossReasonId: null, clientId: null, updatedAt: null }
      return { ...call, ...own, agent: nameOf.get(call.userId), reason }
    })
    .toSorted((one, other) => one.id.localeCompare(other.id))
}

/** Strings that spreadsheets, parsers and importers tend to change. */
const text = fc.oneof(
  fc.constantFrom(
    '=1+1',
    "'=1+1",
    '+49 170 1234567',
    '+491701234567',
    '0301234567',
    '-5',
    '@x',
    "O'Hara",
    '1e5',
    '_x0041_',
    'TRUE',
  ),
  fc.constantFrom('a,b;"c"', 'two\nlines', 'tab\there', 'Müller & Söhne <b>', '😀', '2026-01-02', '00123', '=cmd|’x’!A0'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
)
const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 9, 31) })
const times = fc.oneof(
  instant,
  // Around the clock changes of Berlin, and dates without a time.
  fc.integer({ min: -7_200_000, max: 7_200_000 }).map((offset) => Date.UTC(2026, 9, 25, 1) + offset),
  fc.constantFrom(Date.UTC(2026, 2, 1, 10, 0, 0, 1), Date.UTC(2026, 2, 29, 1)),
)

const someCall = fc.record({
  name: text,
  phone: fc.option(text.map((each) => each.slice(0, 50))),
  notes: fc.option(text),
  duration: fc.option(fc.integer({ min: 0, max: 86_400 })),
  kind: fc.constantFrom('won', 'lost', 'undecided', 'no_show', 'scheduled', 'cancelled'),
  completedAt: times,
  scheduledAt: fc.option(times),
  owner: fc.nat(2),
})

async function fill(reasonId: string): Promise<number> {
  const drawn = fc.sample(someCall, { numRuns: 60, seed: 11 })
  let made = 0
  for (const { name, phone, notes, duration, kind, completedAt, scheduledAt, owner } of drawn) {
    const isCompleted = kind === 'won' || kind === 'lost' || kind === 'undecided'
    const call: NewCall = {
      ...wonCall([me, ...twins][owner] as UserId, name),
      prospectPhone: phone,
      notes,
      callDuration: duration,
      scheduledAt,
      status: isCompleted ? 'completed' : kind,
      outcome: isCompleted ? kind : null,
      completedAt: isCompleted ? completedAt : null,
      lossReasonId: kind === 'lost' ? reasonId : null,
    }
    // A name of spaces only is refused.
    await admin.calls.create(call).then(
      () => made++,
      () => {},
    )
  }
  return made
}

test(
  'exported calls have the same values after an import into another workspace, and change nothing in their own',
  { timeout: 180_000 },
  async () => {
    const reason = await admin.lossReasons.create({ name: '=Too dear' })
    const made = await fill(reason.id)
    expect(made).toBeGreaterThan(50)
    const before = await values(admin)
    for (const format of FORMATS) {
      const file = await exported(format)
      const here = await imported(admin, file)
      expect({ ...here, columns: [], importId: '' }).toMatchObject({
        rows: made,
        created: 0,
        updated: 0,
        unchanged: made,
        refused: 0,
      })
      expect(await values(admin)).toEqual(before)
      const other = await app.workspace(`other ${workspaces}`, `Other ${workspaces}`, `ada@other${workspaces++}.test`)
      // The other client's zone has no effect.
      await other.api.settings.update({ time_zone: 'Asia/Kathmandu' })
      const there = await imported(other.api, file)
      expect(there).toMatchObject({ rows: made, created: made, refused: 0 })
      expect(await values(other.api), `${format.format} ${format.style}`).toEqual(before)
    }
  },
)

test('a value that a person changes in an exported file is imported; a new row is a new call', async () => {
  const file = await exported({ format: 'csv', style: 'safe' })
  const lines = (await file.text()).split('\r\n')
  const header = must(lines[0], 'The file has headers').replace('\ufeff', '').split(',')
  const call = await admin.calls.create({ ...wonCall(me, 'Edited in a sheet'), completedAt: Date.UTC(2026, 9, 20, 8, 30, 15, 7) })
  const edited = (await (await exported({ format: 'csv', style: 'safe' })).text())
    .split('\r\n')
    .find((line) => line.includes('Edited in a sheet'))
  const cells = must(edited, 'The call is exported').split(',')
  const set = (name: string, value: string) => void (cells[header.indexOf(name)] = value)
  set('Outcome', 'Undecided')
  // Excel shows no seconds: the same time. The date of completion changes by one day.
  expect(cells[header.indexOf('Completed at (Europe/Berlin)')]).toBe('2026-10-20 10:30:15')
  set('Completed at (Europe/Berlin)', '2026-10-20 10:30')
  const sameTime = cells.join(',')
  set('Completed at (Europe/Berlin)', '2026-10-21 10:30')
  const otherTime = cells.join(',')
  set('Call id', '')
  set('Prospect name', 'New in the sheet')
  const added = cells.join(',')
  const run = (...rows: string[]) =>
    imported(admin, new File([[`\ufeff${header.join(',')}`, ...rows, ''].join('\r\n')], 'calls.csv'))
  expect(await run(sameTime)).toMatchObject({ updated: 1, created: 0, refused: 0 })
  expect(await admin.calls.get({ id: call.id })).toMatchObject({ outcome: 'undecided', completedAt: call.completedAt })
  expect(await run(otherTime, added)).toMatchObject({ updated: 1, created: 1, refused: 0 })
  expect(await admin.calls.get({ id: call.id })).toMatchObject({ completedAt: Date.UTC(2026, 9, 21, 8, 30) })
  const { rows } = await admin.calls.list({ filter: { text: 'New in the sheet' } })
  expect(rows).toHaveLength(1)
})

test('a time that cannot be read refuses the row with its value', async () => {
  const file = await exported({ format: 'csv', style: 'safe' })
  const broken = (await file.text()).replaceAll(/,2026-10-2\d \d\d:\d\d:\d\d,/g, ',26/10/26 10 o’clock,')
  const report = await imported(admin, new File([broken], 'calls.csv'))
  expect(report.refused).toBeGreaterThan(0)
  expect(report.issues[0]?.message).toContain('is not a time like 2026-11-26 14:30')
})
