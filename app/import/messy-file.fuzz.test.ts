import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { importInto } from '../testing/import-into.ts'
import { inspectCsv } from '../testing/inspect-csv.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60)
const NOW = Date.UTC(2030, 0, 1)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])

/** Encodings, each with names that it contains. */
const ALPHABETS = [
  { encoding: 'utf-8', agents: ['Jürgen Müller', 'Łukasz Zając', 'Ольга Смирнова', '佐藤花子'] },
  { encoding: 'utf-16le', agents: ['Jürgen Müller', 'Łukasz Zając', 'Ольга Смирнова'] },
  { encoding: 'windows-1250', agents: ['Jiří Dvořák', 'Petr Šťastný', 'Žaneta Říhová'] },
  { encoding: 'windows-1251', agents: ['Иван Петров', 'Ольга Смирнова', 'Наталья Кузнецова'] },
  { encoding: 'windows-1252', agents: ['Jürgen Müller', 'Jörg Weiß', 'Käthe Schröder'] },
  { encoding: 'windows-1254', agents: ['Ayşe Yılmaz', 'Gökhan Şahin', 'Tuğba Öztürk'] },
  { encoding: 'macroman', agents: ['Jürgen Müller', 'Jörg Weiß', 'Käthe Schröder'] },
  { encoding: 'cp850', agents: ['Jürgen Müller', 'Jörg Weiß', 'Käthe Schröder'] },
  { encoding: 'shift_jis', agents: ['山田太郎', '佐藤花子', '鈴木一郎'] },
] as const
const HEADER = ['Id', 'Agent', 'Name', 'Date', 'Note']

/** Notes of several lines. The delimiter of the file replaces "§". */
const LONG_NOTES = [
  'Called§ twice\nno answer§ busy',
  'Called\nspoke§ to§ the§ manager\nlater§ maybe§',
  'Main Street 4§ Building 2\n10115§ Berlin',
  'He said§ yes\n\nand§ then§ "we will see"\nbye§ then§ and§ good luck',
]

type Flaw = 'none' | 'wide' | 'unclosed' | 'multiline'

const file = fc.record({
  alphabet: fc.constantFrom(...ALPHABETS),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  ending: fc.constantFrom('\n', '\r\n', '\r'),
  quoteAll: fc.boolean(),
  before: fc.subarray(['sep', 'title', 'comment', 'blank']),
  hasHeader: fc.boolean(),
  endsWithBreak: fc.boolean(),
  /** Whether the exporter leaves out the empty cells at the end of a row. */
  trims: fc.boolean(),
  /** Whether the table has no column with the prospect's name. */
  isNarrow: fc.boolean(),
  rows: fc.array(
    fc.record({
      agent: fc.nat(),
      day: fc.integer({ min: 1, max: 28 }),
      note: fc.constantFrom(
        '',
        'called back',
        'a desk of 6" by 4"',
        'yes, no; maybe',
        'said "ok"',
        '- later',
        "it's",
        ...LONG_NOTES,
      ),
      flaw: fc.constantFrom<Flaw>('none', 'none', 'none', 'none', 'wide', 'unclosed', 'multiline'),
      blankAfter: fc.boolean(),
    }),
    { minLength: 4, maxLength: 40 },
  ),
})
type File = typeof file extends fc.Arbitrary<infer T> ? T : never

const columnsOf = ({ isNarrow }: Pick<File, 'isNarrow'>) => HEADER.filter((name) => !isNarrow || name !== 'Name')

/** Returns the text and bytes of a file, its number of lines, and whether it is well-formed. */
function written({ alphabet, delimiter, ending, quoteAll, before, hasHeader, endsWithBreak, trims, isNarrow, rows }: File) {
  const header = columnsOf({ isNarrow })
  const needsQuotes = (cell: string) => quoteAll || cell.includes(delimiter) || /["\n\r]/.test(cell)
  const cellText = (cell: string) => (needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const titles: Record<string, string> = { sep: `sep=${delimiter}`, title: 'Calls of November', comment: '# exported', blank: '' }
  const lines = before.filter((kind) => hasHeader || kind === 'sep').map((kind) => titles[kind] ?? '')
  if (hasHeader) lines.push(header.map(cellText).join(delimiter))
  let isWellFormed = true
  for (const [index, { agent, day, note, flaw, blankAfter }] of rows.entries()) {
    const name = alphabet.agents[agent % alphabet.agents.length] ?? 'Ada'
    const shownNote = note.replaceAll('§', delimiter).replaceAll('\n', ending)
    const text = flaw === 'multiline' ? `${shownNote}${ending}second line${ending}${ending}end` : shownNote
    const cells = [String(index + 1), name, ...(isNarrow ? [] : ['Jo Smith']), `2026-11-${String(day).padStart(2, '0')}`, text]
    if (flaw === 'wide') cells.push('too much')
    const isOpen = flaw === 'unclosed'
    if (isOpen) isWellFormed = false
    // Without a header, a short row cannot be recognised.
    const kept = trims && hasHeader && cells.at(-1) === '' ? cells.slice(0, -1) : cells
    const shown = isOpen ? [...kept.slice(0, header.length - 1).map(cellText), '"called back'] : kept.map(cellText)
    lines.push(...shown.join(delimiter).split(ending))
    if (blankAfter) lines.push('')
  }
  const text = lines.join(ending) + (endsWithBreak || lines.at(-1) === '' ? ending : '')
  return { text, bytes: iconv.encode(text, alphabet.encoding), lines: lines.length, isWellFormed }
}

let workspace: TestWorkspace
beforeAll(() => {
  workspace = new TestWorkspace()
})
afterAll(() => workspace.dispose())

test(`every row of a messy file is created, updated, unchanged or refused, or there is a warning (seed ${SEED})`, async () => {
  let serial = 0
  await fc.assert(
    fc.asyncProperty(file, async (spec) => {
      const { text, bytes, lines, isWellFormed } = written(spec)
      const preview = await inspectCsv(bytes, 'messy.csv', workspace.newId(), { timeZone: 'UTC', defaultCountry: null, now: NOW })
      const column = (name: string) => ({ column: spec.hasHeader ? name : `Column ${columnsOf(spec).indexOf(name) + 1}` })
      const map = {
        source: `messy-${++serial}`,
        fields: {
          externalId: column('Id'),
          agent: column('Agent'),
          prospectName: column(spec.isNarrow ? 'Id' : 'Name'),
          date: column('Date'),
          notes: column('Note'),
        },
        dateFormat: 'yyyy-MM-dd',
      }
      const doubt = preview.warnings.map(({ message }) => message).join('\n')
      const hasDoubt = /quotation mark opens/.test(doubt)
      if (isWellFormed) expect(hasDoubt).toBe(false)
      const account = preview.lineAccount
      expect(account.lines).toBe(lines)
      expect(account.before + account.header + account.blank + account.rows + account.continued).toBe(lines)
      expect(preview.delimiter).toBe(spec.delimiter)
      expect(preview.headerLine > 0).toBe(spec.hasHeader)
      const report = await importInto(workspace, bytes, map)
      expect(report.created + report.updated + report.unchanged + report.refused).toBe(account.rows)
      expect(report.lineAccount).toEqual(account)
      const unclear = new Set(spec.rows.filter(({ flaw }) => flaw === 'wide' || flaw === 'unclosed'))
      // If most rows are faulty, their number of values cannot be known. Then rows may be refused together.
      const isMostlySound = unclear.size * 2 < spec.rows.length
      // A cell of three lines with text becomes three rows at most.
      const multiline = spec.rows.filter(({ flaw }) => flaw === 'multiline').length
      expect(report.rows).toBeLessThanOrEqual(spec.rows.length + 2 * multiline)
      if (!hasDoubt && isMostlySound) expect(report.rows).toBe(spec.rows.length)
      // A short last row without a line break may have been cut off.
      const mayBeCut = spec.trims && !spec.endsWithBreak ? 1 : 0
      if (!hasDoubt && isMostlySound) expect(report.refused).toBeLessThanOrEqual(unclear.size + mayBeCut)
      if (!/encoding/.test(doubt))
        for (const name of report.createdUsers) expect(spec.alphabet.agents as readonly string[]).toContain(name)
      if (!isWellFormed || hasDoubt || !isMostlySound) return
      const independent = parse(text, {
        delimiter: spec.delimiter,
        record_delimiter: [spec.ending],
        relax_column_count: true,
        skip_empty_lines: true,
        relax_quotes: true,
      })
      const others = spec.before.filter((kind) => kind !== 'blank' && (spec.hasHeader || kind === 'sep')).length
      expect(report.rows).toBe(independent.length - others - (spec.hasHeader ? 1 : 0))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})
