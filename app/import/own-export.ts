import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { importMapSchema, IMPORT_SOURCES, type ImportField, type ImportMap } from '../../core/contract/imports.ts'
import { isId, type CallId, type UserId } from '../../core/id.ts'
import { CALL_FIELD_NAMES, CALL_FIELDS, type CallField, type CallFieldOf } from '../../core/model/call-fields.ts'
import { unguard } from '../../core/text/formula-guard.ts'
import { dateAlone, dateAloneOf } from '../../core/time/date-alone.ts'
import { localClock } from '../../core/time/local-time.ts'
import { localReadings } from '../../platform/sheets/local-readings.ts'
import {
  AGENT_ID,
  CALL_ID,
  columnHeader,
  CREATED_AT,
  exactHeader,
  timeHeader,
  WHEN,
  zoneOfHeader,
} from '../../core/model/call-headers.ts'
import { shortened, type RowIssue } from './map-rule.ts'
import type { CsvFile } from './read-csv.ts'

/*
 * Files that this product exported (app/export/call-sheet.ts). An import recognises their calls by their ids, and keeps times to the
 * millisecond: a column in UTC has the exact time of each column of local times, which may be ambiguous. If a person changes the local time,
 * the local time counts.
 */

/** The source of exported files. Their rows keep the ids of their calls. */
export const OWN_SOURCE = 'Propaganda Dashboard'

const SECOND = 1_000
const MINUTE = 60_000
/** Spreadsheets may drop the seconds of a time. A smaller difference between a local time and its exact time is not a change. */
const TOLERANCE = MINUTE
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/

type TimeField = CallFieldOf<'time'>
const TIME_FIELDS = CALL_FIELD_NAMES.filter((field): field is TimeField => CALL_FIELDS[field].kind === 'time')

/** The zone of the local times; null: they have offsets. Undefined: the columns are not those of an export. */
function zoneOf(columns: readonly string[]): string | null | undefined {
  const required = [
    CALL_ID,
    AGENT_ID,
    exactHeader(CREATED_AT),
    ...TIME_FIELDS.map((field) => exactHeader(CALL_FIELDS[field].label)),
  ]
  if (!required.every((header) => columns.includes(header))) return undefined
  for (const column of columns) {
    const zone = zoneOfHeader(WHEN, column)
    if (zone !== undefined) return zone
  }
  return undefined
}

/** Returns the mapping of an exported file; undefined for any other file. */
export function ownMapping(columns: readonly string[]): ImportMap | undefined {
  const zone = zoneOf(columns)
  if (zone === undefined) return undefined
  const fields: ImportMap['fields'] = { externalId: { column: CALL_ID, separator: ' ' } }
  const map = (field: ImportField, column: string) => {
    if (columns.includes(column)) fields[field] = { column, separator: ' ' }
  }
  for (const field of CALL_FIELD_NAMES) {
    const [source] = IMPORT_SOURCES[field]
    if (CALL_FIELDS[field].kind !== 'time' && source !== undefined) map(source, columnHeader(field, zone))
  }
  map('dateTime', timeHeader(WHEN, zone))
  return importMapSchema.parse({ source: OWN_SOURCE, fields, dateFormat: 'ISO', durationFormat: 's', multilineCells: true })
}

/** Returns a file with the texts as they are stored: exports for spreadsheets have an apostrophe before formulas. */
export function withoutGuards(file: CsvFile): CsvFile {
  if (file.kind !== 'csv' || typeof zoneOf(file.columns) !== 'string') return file
  async function* batches(): ReturnType<CsvFile['batches']> {
    for await (const batch of file.batches()) yield batch.map((row) => ({ ...row, cells: row.cells.map(unguard) }))
  }
  return { ...file, batches }
}

/** The values of a row in columns that the mapping does not contain. */
type OwnValues = {
  /** Null: a new row. */
  readonly id: CallId | null
  readonly agentId: UserId | null
  readonly createdAt: number | null
  readonly times: Readonly<Record<TimeField, number | null>>
}

export type OwnReader = (cells: readonly string[]) => OwnValues | RowIssue

/** Returns the reader of an exported file; undefined if the columns are not those of an export. */
export function ownReader(columns: readonly string[], timeZone: string): OwnReader | undefined {
  const found = zoneOf(columns)
  if (found === undefined) return undefined
  const headerZone: string | null = found
  const zone = headerZone ?? timeZone
  const readingOf = localReadings(zone)
  const toInstant = localClock(zone)
  const cellAt = (header: string) => {
    const place = columns.indexOf(header)
    return (cells: readonly string[]) => (cells[place] ?? '').trim()
  }
  const [callId, agentId] = [cellAt(CALL_ID), cellAt(AGENT_ID)]

  /** Returns the instant of a local time; undefined if it is not a time. */
  function ofLocal(text: string): number | undefined {
    const [, date = '', clock, offset] = LOCAL.exec(text) ?? []
    if (date === '') return undefined
    if (clock === undefined) return dateAlone(Date.parse(date), zone)
    const instant = offset === undefined ? toInstant(Date.parse(`${date}T${clock}Z`)) : Date.parse(`${date}T${clock}${offset}`)
    return Number.isNaN(instant) ? undefined : instant
  }

  /** Returns whether a local time is the reading of an exact time. A spreadsheet may show a date without a time of day as its midnight. */
  function shows(local: number, text: string, exact: number): boolean {
    if (dateAloneOf(exact) !== null)
      return text.slice(0, 10) === dateAloneOf(exact) && !/[1-9]/.test(text.slice(10).replace(/[+-]\d\d:\d\d$/, ''))
    // Compares readings, because a local time may occur twice.
    const [one, other] = [readingOf(local), readingOf(exact)]
    return !one.isDate && Math.abs(one.reading - Math.floor(other.reading / SECOND) * SECOND) < TOLERANCE
  }

  function timeReader(label: string): (cells: readonly string[]) => number | null | Sentence {
    const [local, exact] = [cellAt(timeHeader(label, headerZone)), cellAt(exactHeader(label))]
    return (cells) => {
      const text = local(cells)
      if (text === '') return null
      const instant = ofLocal(text)
      const precise = Date.parse(exact(cells))
      if (instant !== undefined && !Number.isNaN(precise) && shows(instant, text, precise)) return precise
      return instant ?? sentence('import.not-an-exact-time', { value: shortened(text), column: label })
    }
  }

  const times = TIME_FIELDS.map((field) => [field, timeReader(CALL_FIELDS[field].label)] as const)
  const createdAt = timeReader(CREATED_AT)
  return (cells) => {
    const stated: Partial<Record<CallField, number | null>> = {}
    for (const [field, read] of times) {
      const time = read(cells)
      if (time !== null && typeof time === 'object') return { field: 'dateTime', ...time }
      stated[field] = time
    }
    const [id, agent, created] = [callId(cells), agentId(cells), createdAt(cells)]
    return {
      id: isId(id) ? id : null,
      agentId: isId(agent) ? agent : null,
      createdAt: typeof created === 'number' ? created : null,
      times: stated as OwnValues['times'],
    }
  }
}
