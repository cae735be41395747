import type { ImportField, ImportFieldRule, ImportMap } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { dateReader, type DateReader } from '../../core/import/date-format.ts'
import { parseDuration } from '../../core/import/duration.ts'
import { localClock } from '../../core/import/local-time.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { plainError } from '../../core/plain-errors.ts'
import type { Id } from '../../core/id.ts'
import type { ImportRow } from './import-chunk.ts'
import type { CsvRow } from './read-csv.ts'
import type { RowIdentity } from './row-identity.ts'

/** How the columns of times are written, given by the map or detected. */
export type TimeFormats = {
  readonly date?: string | undefined
  readonly time?: string | undefined
  readonly dateTime?: string | undefined
}

type RowIssue = { readonly field: ImportField | null; readonly message: string }
type MappedRow = { readonly row: ImportRow } | { readonly issues: readonly RowIssue[] }
export type RowMapper = (row: CsvRow) => MappedRow

const MINUTE = 60_000
/** The schema wants ids where a file has names; the writer puts the real ones in. */
const PLACEHOLDER = '00000000-0000-7000-8000-000000000000'
/** Longest piece of a file's value that a message quotes. */
const QUOTED = 60

/** As many different texts as a column's memory keeps; a column with more is not worth remembering. */
const REMEMBERED = 50_000

function quote(text: string): string {
  return `“${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}”`
}

/** `compute`, with the answers for texts seen before kept: agents, days and times of day repeat all the time. */
function remembering<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const value = compute(text)
    if (known.size < REMEMBERED) known.set(text, value)
    return value
  }
}

function invalidMap(path: string, message: string): AppError<'INVALID'> {
  return new AppError('INVALID', `${message} Nothing was imported; correct the map.`, {
    issues: [{ path: `map.${path}`, message }],
  })
}

/** Every column a rule reads. */
export function columnsOf(rule: ImportFieldRule): readonly string[] {
  return rule.column === undefined ? (rule.columns ?? []) : [rule.column]
}

/** What a rule makes of a row, trimmed; '' where there is nothing. */
function compileRule(
  field: ImportField,
  rule: ImportFieldRule,
  columns: readonly string[],
): (cells: readonly string[]) => string {
  const places = columnsOf(rule).map((name) => {
    const place = columns.indexOf(name)
    if (place < 0)
      throw invalidMap(`fields.${field}`, `The file has no column ${quote(name)}; it has ${columns.map(quote).join(', ')}.`)
    return place
  })
  const [place] = places
  if (place === undefined) {
    if (rule.constant === undefined)
      throw invalidMap(`fields.${field}`, `The rule for ${field} names neither a column nor a constant.`)
    const constant = rule.constant.trim()
    return () => constant
  }
  const read =
    places.length === 1
      ? (cells: readonly string[]) => (cells[place] ?? '').trim()
      : (cells: readonly string[]) =>
          places
            .map((index) => (cells[index] ?? '').trim())
            .filter((part) => part !== '')
            .join(rule.separator)
  if (rule.values === undefined) return read
  const values = new Map(Object.entries(rule.values).map(([from, to]) => [from.trim().toLowerCase(), (to ?? '').trim()]))
  const rest = values.get('*')
  const translate = remembering((text) => values.get(text.toLowerCase()) ?? rest ?? text)
  return (cells) => translate(read(cells))
}

function compileFormat(path: string, format: string): DateReader {
  try {
    return dateReader(format)
  } catch (error) {
    throw invalidMap(path, `${error instanceof Error ? error.message : 'This is no date format'}.`)
  }
}

type WhenReader = (cells: readonly string[]) => number | RowIssue

/** When the call was: from one column of date and time, or from a date and maybe a time of day (absent: the day's first minute). */
function compileWhen(
  map: ImportMap,
  formats: TimeFormats,
  zone: string,
  rules: ReadonlyMap<ImportField, (cells: readonly string[]) => string>,
): WhenReader {
  const toInstant = localClock(zone)
  const at = (reading: number, offset: number | null) => (offset === null ? toInstant(reading) : reading - offset * MINUTE)
  const compiled = (field: ImportField, path: string, format: string | undefined) => {
    const rule = rules.get(field)
    if (rule === undefined) return undefined
    if (format === undefined)
      throw invalidMap(
        path,
        `The format of ${columnsOf(map.fields[field] ?? { separator: '' })
          .map(quote)
          .join(', ')} could not be found; name it as ${path}, for example d-MMM-yy or H:mm.`,
      )
    const read = remembering(compileFormat(path, format))
    return {
      rule,
      read,
      unreadable: (text: string): RowIssue => ({
        field,
        message:
          text === ''
            ? `The ${field === 'time' ? 'time' : 'date'} is missing`
            : `${quote(text)} is not a ${field === 'time' ? 'time' : 'date'} of the form ${format}`,
      }),
    }
  }
  const both = compiled('dateTime', 'dateFormat', formats.dateTime)
  if (both !== undefined)
    return (cells) => {
      const text = both.rule(cells)
      const time = both.read(text)
      return time === undefined ? both.unreadable(text) : at(time.reading, time.offsetMinutes)
    }
  const date = compiled('date', 'dateFormat', formats.date)
  if (date === undefined)
    throw invalidMap('fields', 'The map fills neither dateTime nor date; a call needs to have taken place at some time.')
  const time = compiled('time', 'timeFormat', formats.time)
  return (cells) => {
    const dateText = date.rule(cells)
    const day = date.read(dateText)
    if (day === undefined) return date.unreadable(dateText)
    const timeText = time?.rule(cells) ?? ''
    if (time === undefined || timeText === '') return at(day.reading, day.offsetMinutes)
    const clock = time.read(timeText)
    return clock === undefined
      ? time.unreadable(timeText)
      : at(day.reading + clock.reading, clock.offsetMinutes ?? day.offsetMinutes)
  }
}

const CALL_TO_FIELD: Readonly<Record<string, ImportField>> = {
  prospectName: 'prospectName',
  prospectEmail: 'prospectEmail',
  prospectPhone: 'prospectPhone',
  callType: 'callType',
  status: 'status',
  outcome: 'outcome',
  notes: 'notes',
  callDuration: 'callDuration',
}

/** Fields with a fixed set of values, in words. */
const VALUE_NOUNS: Readonly<Partial<Record<ImportField, string>>> = {
  callType: 'a type of call',
  status: 'a status',
  outcome: 'an outcome',
}

/**
 * Makes the function from a row of the file to a call. It keeps what it has read before, so a year of calls costs some hundred readings
 * of dates.
 *
 * What a file leaves out: no rule for the agent, the importing person; no rule for the status, completed; no rule for the type, outbound;
 * a completed call without outcome is undecided. Outcome, loss reason and duration of a call that did not take place are dropped, and so
 * is the loss reason of one that was not lost: the columns of many systems are never empty.
 * @throws AppError INVALID where the map does not fit the file.
 */
export function compileMap(options: {
  readonly map: ImportMap
  readonly columns: readonly string[]
  readonly formats: TimeFormats
  /** Zone of times that carry none, unless the map names another. */
  readonly timeZone: string
  readonly identity: RowIdentity
}): RowMapper {
  const { map, columns, formats, timeZone, identity } = options
  const rules = new Map<ImportField, (cells: readonly string[]) => string>()
  for (const [field, rule] of Object.entries(map.fields) as [ImportField, ImportFieldRule | undefined][])
    if (rule !== undefined) rules.set(field, compileRule(field, rule, columns))
  if (!rules.has('prospectName'))
    throw invalidMap('fields', 'The map does not fill prospectName; where the file has no name, use the call’s own id.')
  const value = (field: ImportField, cells: readonly string[]): string => rules.get(field)?.(cells) ?? ''
  const when = compileWhen(map, formats, map.timeZone ?? timeZone, rules)
  const duration = remembering((text: string) => parseDuration(text) ?? -1)
  const known = remembering((text: string) => text.toLowerCase().replaceAll(/[\s-]+/g, '_'))

  function identify({ cells, line }: CsvRow): { readonly id: Id } | RowIssue {
    const externalId = value('externalId', cells)
    if (externalId === '') return { id: identity.ofContent(cells) }
    const { id, firstLine } = identity.ofKey(externalId, line)
    if (firstLine === null) return { id }
    return { field: 'externalId', message: `${quote(externalId)} stands on line ${firstLine} already; only that row was used` }
  }

  return (row) => {
    if (row.fault !== null) return { issues: [{ field: null, message: row.fault }] }
    const { cells } = row
    const issues: RowIssue[] = []
    const eventAt = when(cells)
    if (typeof eventAt !== 'number') issues.push(eventAt)
    const agent = value('agent', cells)
    if (agent === '' && rules.has('agent')) issues.push({ field: 'agent', message: 'The agent is missing' })
    const status = known(value('status', cells) || 'completed')
    const completed = status === 'completed'
    const outcome = completed ? known(value('outcome', cells) || 'undecided') : null
    const durationText = completed ? value('callDuration', cells) : ''
    const callDuration = durationText === '' ? null : duration(durationText)
    if (callDuration === -1)
      issues.push({ field: 'callDuration', message: `${quote(durationText)} is not a duration; write seconds, m:ss or h:mm:ss` })
    const lossReason = outcome === 'lost' ? value('lossReason', cells) || null : null
    const fields = {
      userId: PLACEHOLDER,
      prospectName: value('prospectName', cells),
      prospectEmail: value('prospectEmail', cells),
      prospectPhone: value('prospectPhone', cells),
      callType: known(value('callType', cells) || 'outbound'),
      status,
      outcome,
      lossReasonId: null,
      notes: value('notes', cells),
      callDuration: callDuration === -1 ? null : callDuration,
      scheduledAt: completed || typeof eventAt !== 'number' ? null : eventAt,
      completedAt: completed ? (typeof eventAt === 'number' ? eventAt : 0) : null,
    }
    const checked = newCallSchema.safeParse(fields, { error: plainError })
    if (!checked.success)
      issues.push(...checked.error.issues.map((issue) => toIssue(String(issue.path[0] ?? ''), issue.message, cells)))
    if (!checked.success || issues.length > 0) return { issues }
    // Last, so that a refused row does not take its key from a good one below.
    const identified = identify(row)
    if ('message' in identified) return { issues: [identified] }
    const { userId: _user, lossReasonId: _reason, ...call } = checked.data
    return { row: { line: row.line, id: identified.id, agent: agent === '' ? null : agent, lossReason, call } }
  }

  function toIssue(path: string, message: string, cells: readonly string[]): RowIssue {
    const field = CALL_TO_FIELD[path] ?? (rules.has('dateTime') ? 'dateTime' : 'date')
    const noun = VALUE_NOUNS[field]
    return { field, message: noun === undefined ? message : `${quote(value(field, cells))} isn’t mapped to ${noun}` }
  }
}
