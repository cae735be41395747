import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { IMPORT_SOURCES, type ImportField, type ImportMap } from '../../core/contract/imports.ts'
import { durationReader, durationFormatName } from '../../core/import/duration.ts'
import { readPhone } from '../../core/import/phone-text.ts'
import { visible } from '../../core/import/visible-text.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { CALL_FIELD_NAMES, CALL_TEXT_FIELDS, type CallFieldOf } from '../../core/model/call-fields.ts'
import { issueSentence, plainError } from '../../core/plain-errors.ts'
import type { CallId } from '../../core/id.ts'
import type { ColumnFormats } from './find-formats.ts'
import type { ImportRow } from './import-chunk.ts'
import { compileRule, invalidMapping, memoized, shortened, type CellReader, type RowIssue } from './map-rule.ts'
import { compileWhen } from './map-when.ts'
import { OWN_SOURCE, ownReader } from './own-export.ts'
import type { CsvRow } from './read-csv.ts'
import type { RowIdentity } from './row-identity.ts'

/**
 * A value that an accepted row does not use as is. `cleaned`: used without characters around it. `doubted`: used, but it does not look like
 * a value of the field. `leftOut`: the call is imported without it.
 */
export type RowRemark = {
  readonly field: ImportField
  readonly kind: 'cleaned' | 'doubted' | 'leftOut'
  readonly value: string
  /** The value that the call has instead; null: none. */
  readonly became: string | null
  readonly why: Sentence
}
export type MappedRow =
  | { readonly row: ImportRow; readonly remarks: readonly RowRemark[] }
  | { readonly issues: readonly RowIssue[] }
export type RowMapper = (row: CsvRow) => MappedRow

/** The schema requires ids, but a file has names. The writer sets the real ids. */
const PLACEHOLDER = '00000000-0000-7000-8000-000000000000'
const DAY = 86_400_000
const MAX_PHONE = 50
const MAX_EMAIL = 254
/** A longer text is not an address. The patterns take minutes on a megabyte of dots. */
const MAX_EMAIL_TEXT = 1_000
const EMAIL = /^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$/
/** `Jo Smith <jo@x.example>` and `mailto:jo@x.example?subject=…`. */
const WRAPPED_EMAIL = /^(?:.*<|mailto:)([^@\s<>?]+@[^@\s<>?]+\.[^@\s<>?]+)(?:>|\?.*)?$/i

const yearMonthDay = (at: number) => new Date(at).toISOString().slice(0, 10)

type TextField = CallFieldOf<'text'>
type FieldReading = { readonly value: string; readonly remark?: Omit<RowRemark, 'field' | 'value' | 'became'> }

const asIs = (text: string): FieldReading => ({ value: text })

function readPhoneField(text: string): FieldReading {
  const reading = readPhone(text)
  switch (reading.kind) {
    case 'kept':
      return { value: reading.phone }
    case 'cleaned':
      return { value: reading.phone, remark: { kind: 'cleaned', why: sentence('import.only-number') } }
    case 'lost':
      return { value: '', remark: { kind: 'leftOut', why: reading.why } }
    case 'doubted':
      return reading.phone.length > MAX_PHONE
        ? { value: '', remark: { kind: 'leftOut', why: sentence('import.long-phone', { most: MAX_PHONE }) } }
        : { value: reading.phone, remark: { kind: 'doubted', why: reading.why } }
  }
}

function readEmailField(text: string): FieldReading {
  const plain = visible(text).trim()
  const email = plain.length > MAX_EMAIL_TEXT ? plain : (WRAPPED_EMAIL.exec(plain)?.[1] ?? plain)
  if (email.length > MAX_EMAIL)
    return { value: '', remark: { kind: 'leftOut', why: sentence('import.long-email', { most: MAX_EMAIL }) } }
  if (!EMAIL.test(email)) return { value: text, remark: { kind: 'doubted', why: sentence('import.not-an-email') } }
  return email === text ? { value: email } : { value: email, remark: { kind: 'cleaned', why: sentence('import.only-address') } }
}

/** Fields of a call that have the same name in a mapping. The other fields are parts of its time. */
const SAME_NAME: ReadonlySet<string> = new Set(
  CALL_FIELD_NAMES.filter((field) => IMPORT_SOURCES[field].some((source) => source === field)),
)

/** The messages about values of fields with a fixed set of values. */
const UNMAPPED = {
  callType: 'import.not-a-type',
  status: 'import.not-a-status',
  outcome: 'import.not-an-outcome',
} as const

/**
 * Returns the function that makes a call of a row. It memoizes values, so a year of calls parses only some hundred dates.
 *
 * Defaults without a rule: the agent is the person who imports, the status is completed, the type is outbound. A completed call without an
 * outcome is undecided. Many systems fill columns that do not apply, so these are left out and listed in the remarks: outcome, loss reason
 * and duration of a call that did not take place, and the loss reason of a call that was not lost.
 * @throws AppError INVALID if the mapping does not fit the file.
 */
export function compileMapping(options: {
  readonly map: ImportMap
  readonly columns: readonly string[]
  readonly formats: ColumnFormats
  /** Zone of times without a zone, unless the mapping names another. */
  readonly timeZone: string
  readonly identity: RowIdentity
  /** Current time, ms since the epoch. A completed call more than a day later is refused. */
  readonly now: number
}): RowMapper {
  const { map, columns, formats, timeZone, identity, now } = options
  const rules = new Map<ImportField, CellReader>()
  for (const [field, rule] of Object.entries(map.fields) as [ImportField, (typeof map.fields)[ImportField]][])
    if (rule !== undefined) rules.set(field, compileRule(field, rule, columns))
  if (!rules.has('prospectName')) throw invalidMapping('fields', sentence('import.no-name'))
  const value = (field: ImportField, cells: readonly string[]): string => rules.get(field)?.(cells) ?? ''
  const own = map.source === OWN_SOURCE ? ownReader(columns, timeZone) : undefined
  const when = own === undefined ? compileWhen(map, formats, map.timeZone ?? timeZone, rules) : () => 0
  const timeField = rules.has('dateTime') ? 'dateTime' : 'date'
  const durationFormat = formats.duration ?? 's'
  const readDuration = durationReader(durationFormat, formats.decimal)
  const duration = memoized((text: string) => readDuration(text) ?? -1)
  const known = memoized((text: string) =>
    visible(text)
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  // An export contains the texts as they are stored.
  const readers: Partial<Record<TextField, (text: string) => FieldReading>> =
    own === undefined ? { prospectPhone: memoized(readPhoneField), prospectEmail: memoized(readEmailField) } : {}
  const texts = (read: (field: TextField, reader: (text: string) => FieldReading) => string) =>
    Object.fromEntries(CALL_TEXT_FIELDS.map((field) => [field, read(field, readers[field] ?? asIs)]))

  function identify({ cells, line }: CsvRow): { readonly id: CallId } | RowIssue {
    const externalId = value('externalId', cells)
    if (externalId === '') return { id: identity.ofContent(cells) }
    const { id, firstLine } = identity.ofKey(externalId, line)
    if (firstLine === null) return { id }
    return { field: 'externalId', ...sentence('import.same-key', { key: shortened(externalId), line: firstLine }) }
  }

  return (row) => {
    if (row.fault !== null) return { issues: [{ field: null, ...row.fault }] }
    const { cells } = row
    const issues: RowIssue[] = []
    const remarks: RowRemark[] = []
    const leaveOut = (field: ImportField, text: string, why: Sentence) =>
      void remarks.push({ field, kind: 'leftOut', value: text, became: null, why })
    const read = (field: ImportField, reader: (text: string) => FieldReading): string => {
      const text = value(field, cells)
      if (text === '') return ''
      const reading = reader(text)
      if (reading.remark !== undefined)
        remarks.push({ ...reading.remark, field, value: text, became: reading.value === '' ? null : reading.value })
      return reading.value
    }
    const stated = own?.(cells)
    if (stated !== undefined && 'message' in stated) return { issues: [stated] }
    const eventAt = stated === undefined ? when(cells) : (stated.times.completedAt ?? stated.times.scheduledAt ?? 0)
    if (typeof eventAt !== 'number') issues.push(eventAt)
    const agent = value('agent', cells)
    if (agent === '' && rules.has('agent')) issues.push({ field: 'agent', ...sentence('import.agent.missing') })
    const status = known(value('status', cells) || 'completed')
    const completed = status === 'completed'
    if (completed && typeof eventAt === 'number' && eventAt > now + DAY)
      issues.push({
        field: timeField,
        ...sentence('import.future', { date: yearMonthDay(eventAt) }),
      })
    const isTooEarly = typeof eventAt === 'number' && eventAt < 0
    if (isTooEarly) issues.push({ field: timeField, ...sentence('import.before-1970', { date: yearMonthDay(eventAt) }) })
    const at = typeof eventAt === 'number' && !isTooEarly ? eventAt : null
    const outcomeText = value('outcome', cells)
    const outcome = completed ? known(outcomeText || 'undecided') : null
    const durationText = value('callDuration', cells)
    const callDuration = durationText === '' ? null : duration(durationText)
    if ((completed || stated !== undefined) && callDuration === -1)
      issues.push({
        field: 'callDuration',
        ...sentence('import.not-a-duration', { value: shortened(durationText), format: durationFormatName(durationFormat).text }),
      })
    const lossText = value('lossReason', cells)
    const lossReason = outcome === 'lost' ? lossText || null : null
    // An undecided outcome and a duration of zero mean nothing for such a call, so they are not listed.
    if (!completed && outcomeText !== '' && known(outcomeText) !== 'undecided')
      leaveOut('outcome', outcomeText, sentence('import.outcome-left-out'))
    if (!completed && stated === undefined && callDuration !== null && callDuration !== 0)
      leaveOut('callDuration', durationText, sentence('import.duration-left-out'))
    if (lossText !== '' && outcome !== 'lost') leaveOut('lossReason', lossText, sentence('import.reason-left-out'))
    const fields = {
      userId: PLACEHOLDER,
      ...texts(read),
      callType: known(value('callType', cells) || 'outbound'),
      status,
      outcome,
      lossReasonId: null,
      callDuration: (completed || stated !== undefined) && callDuration !== -1 ? callDuration : null,
      scheduledAt: completed ? null : at,
      completedAt: completed ? (at ?? 0) : null,
      ...stated?.times,
    }
    const checked = newCallSchema.safeParse(fields, { error: plainError })
    if (!checked.success)
      issues.push(...checked.error.issues.map((issue) => toIssue(String(issue.path[0] ?? ''), issueSentence(issue), cells)))
    if (!checked.success || issues.length > 0) return { issues }
    // This comes last, so that a refused row does not block its key for a valid row below.
    const identified = identify(row)
    if ('message' in identified) return { issues: [identified] }
    const id = stated?.id ?? identified.id
    const { userId: _user, lossReasonId: _reason, ...call } = checked.data
    const exported = {
      ...(stated === undefined || stated.agentId === null ? {} : { agentId: stated.agentId }),
      ...(stated === undefined || stated.createdAt === null ? {} : { createdAt: stated.createdAt }),
    }
    return { row: { line: row.line, id, agent: agent === '' ? null : agent, ...exported, lossReason, call }, remarks }
  }

  function toIssue(path: string, rule: Sentence, cells: readonly string[]): RowIssue {
    const field = SAME_NAME.has(path) ? (path as ImportField) : timeField
    if (field !== 'callType' && field !== 'status' && field !== 'outcome') return { field, ...rule }
    return { field, ...sentence(UNMAPPED[field], { value: shortened(value(field, cells)) }) }
  }
}
