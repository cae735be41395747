import { sentence, clause } from '../../core/messages/sentence.ts'
import type { ImportIssue, ImportMap, ImportQuestion } from '../../core/contract/imports.ts'
import { DurationDetector } from '../../core/import/detect-duration.ts'
import { FormatDetector, type TimeKind } from '../../core/import/detect-format.ts'
import { durationFormatName, type DurationFormat } from '../../core/import/duration.ts'
import { DECIMAL_SIGNS, type DecimalSign } from '../../core/import/number-text.ts'
import { columnsOf, shortened } from './map-rule.ts'
import type { CsvFile } from './read-csv.ts'

/** Formats of the columns of times and durations, given by the mapping or detected. */
export type ColumnFormats = {
  readonly [K in TimeKind]?: string | undefined
} & {
  readonly duration?: DurationFormat | undefined
  readonly decimal?: DecimalSign | undefined
}

const KINDS: readonly { readonly field: TimeKind; readonly given: 'dateFormat' | 'timeFormat' }[] = [
  { field: 'date', given: 'dateFormat' },
  { field: 'time', given: 'timeFormat' },
  { field: 'dateTime', given: 'dateFormat' },
]

/** Returns the questions about a column of durations that neither the mapping nor the file answers. */
function durationQuestions(
  column: string,
  map: Pick<ImportMap, 'durationFormat' | 'durationDecimal'>,
  detector: DurationDetector,
): {
  readonly format: DurationFormat | undefined
  readonly decimal: DecimalSign | undefined
  readonly questions: readonly ImportQuestion[]
} {
  const { formats, decimal, isDecimalOpen } = detector.guess()
  const questions: ImportQuestion[] = []
  if (map.durationFormat === undefined && formats.length > 1)
    questions.push({
      option: 'durationFormat',
      column,
      ...sentence('columns.durations-open', {
        column: shortened(column),
        formats: formats
          .map((each) => durationFormatName(each).text)
          .reduce((one, other) => clause('columns.either', { one, other })),
        options: formats.join(', '),
      }),
      choices: [...formats],
    })
  if (map.durationDecimal === undefined && isDecimalOpen)
    questions.push({
      option: 'durationDecimal',
      column,
      ...sentence('columns.decimal-open', { column: shortened(column) }),
      choices: [...DECIMAL_SIGNS],
    })
  return { format: map.durationFormat ?? formats[0], decimal: map.durationDecimal ?? decimal, questions }
}

type FoundFormats = {
  readonly formats: ColumnFormats
  /** Formats that were chosen although the file allows another one. They are reported on line 1. */
  readonly issues: readonly ImportIssue[]
  /** Questions that the mapping must answer before an import. Until then, `formats` has the most likely answers for display. */
  readonly questions: readonly ImportQuestion[]
}

/** Returns all formats. Those that the mapping does not give are detected over the whole file. */
export async function findFormats(file: CsvFile, map: ImportMap, monthFirst: boolean): Promise<FoundFormats> {
  const formats: { -readonly [K in keyof ColumnFormats]: ColumnFormats[K] } = {}
  const detected: {
    readonly field: TimeKind
    readonly column: string
    readonly place: number
    readonly detector: FormatDetector
  }[] = []
  for (const { field, given } of KINDS) {
    const rule = map.fields[field]
    if (rule === undefined) continue
    const format = map[given]
    const column = rule.column ?? ''
    const place = file.columns.indexOf(column)
    if (format !== undefined) formats[field] = format
    else if (place >= 0) detected.push({ field, column, place, detector: new FormatDetector(field, monthFirst) })
  }
  const durationRule = map.fields.callDuration
  const durationColumn = durationRule === undefined ? undefined : columnsOf(durationRule)[0]
  const durationPlace = durationColumn === undefined ? -1 : file.columns.indexOf(durationColumn)
  const durations = new DurationDetector(durationColumn ?? '')
  formats.duration = map.durationFormat
  formats.decimal = map.durationDecimal
  const detectsDuration = durationPlace >= 0 && (map.durationFormat === undefined || map.durationDecimal === undefined)
  if (detected.length === 0 && !detectsDuration) return { formats, issues: [], questions: [] }
  for await (const batch of file.batches())
    for (const { cells, fault } of batch) {
      if (fault !== null) continue
      for (const { place, detector } of detected) detector.add((cells[place] ?? '').trim())
      if (detectsDuration) durations.add(cells[durationPlace] ?? '')
    }
  const issues: ImportIssue[] = []
  for (const { field, column, detector } of detected) {
    const guess = detector.guess()
    if (guess === undefined) continue
    formats[field] = guess.format
    const other = guess.ambiguousWith[0]
    if (other !== undefined)
      issues.push({
        line: 1,
        column,
        ...sentence('columns.format-open', { format: guess.format, other }),
      })
  }
  if (!detectsDuration || durationColumn === undefined) return { formats, issues, questions: [] }
  const { format, decimal, questions } = durationQuestions(durationColumn, map, durations)
  return { formats: { ...formats, duration: format, decimal }, issues, questions }
}
