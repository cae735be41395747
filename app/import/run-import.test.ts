import { expect, test } from 'vitest'
import { importMapSchema, type ImportMapInput } from '../../core/contract/imports.ts'
import { dateAlone } from '../../core/time/date-alone.ts'
import { AppError } from '../../core/errors.ts'
import {
  CHUNK_BYTES,
  CHUNK_ROWS,
  type ImportChunk,
  type ImportChunkResult,
  type ImportJob,
  type ImportSummary,
} from './import-chunk.ts'
import { runImport } from './run-import.ts'

const CLIENT = '00000000-0000-7000-8000-00000000000c'
const IMPORT_ID = '00000000-0000-7000-8000-000000000001'
const MAP: ImportMapInput = {
  fields: { externalId: { column: 'Id' }, prospectName: { column: 'Name' }, date: { column: 'Day' } },
}

function csv(rows: number, spoil: (index: number) => string | undefined = () => undefined): string {
  const lines = Array.from({ length: rows }, (_, index) => spoil(index) ?? `r${index},Jo ${index},2026-01-05`)
  return ['Id,Name,Day', ...lines].join('\n')
}
function job(text: string, map: ImportMapInput = MAP, dryRun = false): ImportJob {
  const bytes = Buffer.from(text)
  return {
    importId: IMPORT_ID,
    fileName: 'calls.csv',
    clientId: CLIENT,
    bytes,
    map: importMapSchema.parse(map),
    dryRun,
    overwrite: true,
    timeZone: 'UTC',
    defaultCountry: null,
    now: Date.UTC(2027, 0, 1),
    rowCount: null,
  }
}
const created = (chunk: ImportChunk): ImportChunkResult => ({
  created: chunk.rows.length,
  updated: 0,
  unchanged: 0,
  refused: [],
  changes: [],
  createdUsers: [],
  createdLossReasons: [],
  doNotCall: [],
})

class RecordingSink {
  readonly chunks: ImportChunk[] = []
  readonly done: number[] = []
  readonly finished: ImportSummary[] = []
  readonly #apply: (chunk: ImportChunk) => ImportChunkResult | Promise<ImportChunkResult>

  constructor(apply: (chunk: ImportChunk) => ImportChunkResult | Promise<ImportChunkResult> = created) {
    this.#apply = apply
  }
  apply = async (chunk: ImportChunk): Promise<ImportChunkResult> => {
    this.chunks.push(chunk)
    return this.#apply(chunk)
  }
  progress = (done: number, total: number): void => {
    if (done > total) throw new Error(`${done} of ${total} rows are done`)
    this.done.push(done)
  }
  finish: (summary: ImportSummary) => Promise<void> = async (summary) => void this.finished.push(summary)
}
const run = (sink: RecordingSink, text: string, map?: ImportMapInput, signal = new AbortController().signal, dryRun = false) =>
  runImport(job(text, map, dryRun), sink, signal)

test('rows are sent in chunks and in order; progress only grows; there is one summary at the end', async () => {
  const sink = new RecordingSink()
  const report = await run(sink, csv(1_201))
  expect(sink.chunks.map(({ rows }) => rows.length)).toEqual([CHUNK_ROWS, CHUNK_ROWS, 201])
  expect(sink.chunks.flatMap(({ rows }) => rows.map(({ line }) => line))).toEqual(Array.from({ length: 1_201 }, (_, n) => n + 2))
  expect(sink.done).toEqual(sink.done.toSorted((a, b) => a - b))
  expect(sink.done.at(-1)).toBe(1_201)
  expect(report).toMatchObject({
    rows: 1_201,
    created: 1_201,
    refused: 0,
    cancelled: false,
    dryRun: false,
    issues: [],
    refusedCsv: null,
  })
  expect(sink.finished).toEqual([
    {
      importId: IMPORT_ID,
      source: 'csv',
      fileName: 'calls.csv',
      cancelled: false,
      rows: 1_201,
      created: 1_201,
      updated: 0,
      unchanged: 0,
      refused: 0,
    },
  ])
})

test('one chunk waits while another one is written, and no more', async () => {
  let open = 0
  let most = 0
  const sink = new RecordingSink(async (chunk) => {
    most = Math.max(most, ++open)
    await new Promise((resolve) => setTimeout(resolve, 5))
    open--
    return created(chunk)
  })
  await run(sink, csv(CHUNK_ROWS * 6))
  expect(most).toBe(2)
})

test('bad rows are refused with line, column and reason, and the others are imported', async () => {
  const sink = new RecordingSink()
  const report = await run(
    sink,
    csv(10, (index) => ['r0,Jo,soon', 'r1,,2026-01-05', 'r2,Jo,2026-01-05,x', 'r0,Jo,2026-01-06', 'r0,Jo,2026-01-07'][index]),
  )
  expect(report).toMatchObject({ rows: 10, created: 6, refused: 4 })
  expect(report.issues).toMatchObject([
    { line: 2, column: 'Day', message: '“soon” is not a date like yyyy-MM-dd' },
    { line: 3, column: 'Name', message: "The prospect's name is required" },
    { line: 4, column: null, message: expect.stringContaining('The row has 4 values, the header 3') },
    { line: 6, column: 'Id', message: '“r0” is already on line 5; only that row was used' },
  ])
  expect(report.refusedCsv?.split('\r\n')).toHaveLength(6)
})

test('a refusal of the writer is reported with its column', async () => {
  const sink = new RecordingSink((chunk) => ({
    ...created(chunk),
    created: 1,
    refused: [{ line: 3, field: 'prospectName', message: 'no' }],
  }))
  const report = await run(sink, csv(2))
  expect(report).toMatchObject({ rows: 2, created: 1, refused: 1, issues: [{ line: 3, column: 'Name', message: 'no' }] })
})

test('if the database refuses a row unexpectedly, the rest of its chunk is imported', async () => {
  const bad = (chunk: ImportChunk) =>
    chunk.rows.some(({ call }) => call.prospectName === 'Jo 300' || call.prospectName === 'Jo 301')
  const sink = new RecordingSink((chunk) => {
    if (bad(chunk)) throw AppError.inEnglish('INVALID', 'This value breaks a rule', { issues: [] })
    return created(chunk)
  })
  const report = await run(sink, csv(CHUNK_ROWS))
  expect(report).toMatchObject({ created: CHUNK_ROWS - 2, refused: 2 })
  expect(report.issues.map(({ line }) => line)).toEqual([302, 303])
})

test.each(['STORAGE', 'SESSION_EXPIRED', 'FORBIDDEN'] as const)(
  '%s ends the run, and the error and the audit trail have the number of imported rows',
  async (code) => {
    const data = {
      STORAGE: { reason: 'full', kept: 'Wait.' },
      SESSION_EXPIRED: undefined,
      FORBIDDEN: { permission: 'import.run', kept: 'Wait.' },
    }[code]
    const imported = `${(CHUNK_ROWS * 2).toLocaleString('en')} rows were imported; import the same file again to continue.`
    let chunks = 0
    const sink = new RecordingSink((chunk) => {
      if (++chunks > 2) throw AppError.inEnglish(code, 'Trouble.', data as never)
      return created(chunk)
    })
    await expect(run(sink, csv(CHUNK_ROWS * 5))).rejects.toMatchObject({
      code,
      message: `Trouble. ${imported}`,
      data: data === undefined ? undefined : { ...data, kept: `Wait. ${imported}` },
    })
    expect(sink.finished).toMatchObject([{ cancelled: true, created: CHUNK_ROWS * 2 }])
    expect(chunks).toBeLessThanOrEqual(4)
  },
)

test('if only the audit event of a complete import cannot be written, the error says that the rows were imported', async () => {
  const sink = new RecordingSink()
  sink.finish = () => Promise.reject(AppError.inEnglish('STORAGE', 'Trouble.', { reason: 'full', kept: '' }))
  await expect(run(sink, csv(3))).rejects.toMatchObject({
    code: 'STORAGE',
    message: 'Trouble. 3 rows were imported; import the same file again to continue.',
  })
})

test('an abort ends the run after the chunks at the writer, and the report counts the imported rows', async () => {
  const abort = new AbortController()
  const sink = new RecordingSink((chunk) => {
    abort.abort()
    return created(chunk)
  })
  const report = await run(sink, csv(CHUNK_ROWS * 20), MAP, abort.signal)
  expect(report.cancelled).toBe(true)
  expect(report.created).toBe(sink.chunks.length * CHUNK_ROWS)
  expect(sink.chunks.length).toBeLessThanOrEqual(2)
  expect(sink.finished).toMatchObject([{ cancelled: true, created: report.created }])
})

test('a dry run is not recorded', async () => {
  const sink = new RecordingSink()
  expect(await run(sink, csv(3), MAP, undefined, true)).toMatchObject({ dryRun: true, created: 3 })
  expect(sink.finished).toEqual([])
})

test('a format that the mapping does not give is detected over the whole file; an ambiguous format is reported on line 1', async () => {
  const late = (index: number) =>
    `r${index},Jo,${index === 700 ? '13/1/2026' : `${(index * 5) % 12 || 3}/${(index % 11) + 1}/2026`}`
  const sink = new RecordingSink()
  expect(await run(sink, csv(701, late))).toMatchObject({ created: 701, issues: [] })
  expect(sink.chunks.at(-1)?.rows.at(-1)?.call.completedAt).toBe(dateAlone(Date.UTC(2026, 0, 13), 'UTC'))
  const report = await run(
    new RecordingSink(),
    csv(3, (index) => `r${index},Jo,${[5, 2, 9][index]}/4/2026`),
  )
  expect(report).toMatchObject({
    created: 3,
    refused: 0,
    issues: [{ line: 1, column: 'Day', message: expect.stringContaining('M/d/yyyy') }],
  })
})

test('a mapping that does not fit the file writes nothing', async () => {
  const sink = new RecordingSink()
  await expect(
    run(sink, csv(3), { fields: { prospectName: { column: 'Nope' }, date: { column: 'Day' } } }),
  ).rejects.toMatchObject({ code: 'INVALID' })
  expect(sink.chunks).toEqual([])
  expect(sink.finished).toEqual([])
})

test('an agent or a loss reason that several chunks create is reported once', async () => {
  const sink = new RecordingSink((chunk) => ({
    ...created(chunk),
    createdUsers: ['Diane', 'diane'],
    createdLossReasons: ['Price'],
  }))
  const report = await run(sink, csv(CHUNK_ROWS * 2))
  expect(report.createdUsers).toHaveLength(1)
  expect(report.createdLossReasons).toEqual(['Price'])
})

test('the bytes of a chunk are limited for every script, because a chunk is sent to the server in one request', async () => {
  const notes = ['字', '🙂', '\u0001', 'n'].map((letter) => letter.repeat(10_000 / letter.length))
  const rows = Array.from({ length: 200 }, (_, n) => `r${n},Jo,2026-01-05,"x${notes[n % notes.length]?.slice(2)}x"`)
  const sink = new RecordingSink()
  const map = { fields: { ...MAP.fields, notes: { column: 'Notes' } } }
  const report = await run(sink, ['Id,Name,Day,Notes', ...rows].join('\n'), map)
  expect(report).toMatchObject({ created: 200, refused: 0 })
  const sizes = sink.chunks.map(({ rows: each }) => Buffer.byteLength(JSON.stringify(each.map(({ call }) => call))))
  expect(sizes.length).toBeGreaterThan(5)
  for (const size of sizes) expect(size).toBeLessThan(CHUNK_BYTES + 1_000)
})

test('durations with an unclear unit are imported only after the mapping names the unit', async () => {
  const text = ['Id,Name,Day,Duration', 'r1,Jo,2026-01-05,17', 'r2,Al,2026-01-06,45'].join('\n')
  const map: ImportMapInput = { fields: { ...MAP.fields, callDuration: { column: 'Duration' } } }
  const asked = new RecordingSink()
  await expect(run(asked, text, map)).rejects.toMatchObject({
    code: 'INVALID',
    message: expect.stringMatching(/seconds or minutes.*durationFormat.*Nothing was imported/),
    data: { issues: [{ path: 'map.durationFormat' }] },
  })
  expect(asked.chunks).toEqual([])
  for (const [durationFormat, seconds] of [
    ['min', 1_020],
    ['s', 17],
  ] as const) {
    const sink = new RecordingSink()
    const report = await run(sink, text, { ...map, durationFormat })
    expect(sink.chunks[0]?.rows[0]?.call.callDuration).toBe(seconds)
    expect(report.columns.find(({ column }) => column === 'Duration')).toMatchObject({ fields: ['callDuration'], used: 2 })
  }
})

test.each([
  ['Duration (min)', '17', 1_020],
  ['Duration (hh:mm)', '1:05', 3_900],
  ['Duration (ms)', '143000', 143],
  ['Duration (min)', '"17,5"', 1_050],
  ['Duration (s)', '"1,234"', 1_234],
])('the durations of a column %j with %s are %d seconds', async (header, cell, seconds) => {
  const sink = new RecordingSink()
  const map: ImportMapInput = { fields: { ...MAP.fields, callDuration: { column: header } } }
  await run(sink, ['Id,Name,Day,' + header, `r1,Jo,2026-01-05,${cell}`].join('\n'), map)
  expect(sink.chunks[0]?.rows[0]?.call.callDuration).toBe(seconds)
})

test('durations with an unclear decimal sign are imported only after the mapping names the sign', async () => {
  const text = ['Id,Name,Day,Duration (s)', 'r1,Jo,2026-01-05,"5,250"', 'r2,Al,2026-01-06,"5,300"'].join('\n')
  const map: ImportMapInput = { fields: { ...MAP.fields, callDuration: { column: 'Duration (s)' } } }
  await expect(run(new RecordingSink(), text, map)).rejects.toMatchObject({
    data: { issues: [{ path: 'map.durationDecimal' }] },
  })
  const sink = new RecordingSink()
  await run(sink, text, { ...map, durationDecimal: '.' })
  expect(sink.chunks[0]?.rows[0]?.call.callDuration).toBe(5_250)
})
