import { msg, t } from '@lingui/core/macro'
import { i18n, type MessageDescriptor } from '@lingui/core'
import { IMPORT_FIELD_VALUES, IMPORT_SOURCES } from '../../../core/contract/imports.ts'
import type { ImportField, ImportFieldRule, ImportMap, ImportPreview, ImportQuestion } from '../../../core/contract/imports.ts'
import { DURATION_FORMATS, type DurationFormat } from '../../../core/import/duration.ts'
import type { DecimalSign } from '../../../core/import/number-text.ts'
import { CALL_FIELD_NAMES, type CallField } from '../../../core/model/call-fields.ts'
import type { CallOutcome, CallStatus, CallType } from '../../../core/model/call.ts'
import { callFieldLabel, callTypeLabel, outcomeLabel, statusLabel } from '../../format/labels.ts'

type Column = ImportPreview['columns'][number]

/** Labels that are more specific than those of the form: a file may have other e-mail addresses and numbers too. */
const MORE_SPECIFIC: Partial<Record<CallField, MessageDescriptor>> = {
  prospectEmail: msg`Prospect e-mail`,
  prospectPhone: msg`Prospect phone`,
}

/** Returns the label of a call's field in an import. */
export function importedFieldLabel(field: CallField): string {
  const specific = MORE_SPECIFIC[field]
  return specific === undefined ? callFieldLabel(field) : i18n.t(specific)
}

/** The fields that only a file has. */
const OF_FILES: Partial<Record<ImportField, MessageDescriptor>> = {
  externalId: msg`Row id`,
  date: msg`Date`,
  time: msg`Time`,
  dateTime: msg`Date and time`,
}
const CALL_FIELD_OF: ReadonlyMap<ImportField, CallField> = new Map(
  CALL_FIELD_NAMES.flatMap((field) => IMPORT_SOURCES[field].map((source) => [source, field] as const)),
)

/** Returns the label of a field that a column can fill. */
export function importFieldLabel(field: ImportField): string {
  const label = OF_FILES[field]
  if (label !== undefined) return i18n.t(label)
  const filled = CALL_FIELD_OF.get(field)
  return filled === undefined ? field : importedFieldLabel(filled)
}

/** Returns the label of a value of a field with a fixed set of values. */
function valueLabel(field: ImportField, value: string): string {
  if (field === 'callType') return callTypeLabel(value as CallType)
  if (field === 'status') return statusLabel(value as CallStatus)
  return field === 'outcome' ? outcomeLabel(value as CallOutcome) : value
}

/** The key under which all other values of a column are translated. */
export const OTHERS = '*'
/** The choice of a select for no value. */
export const EMPTY = '(empty)'

/** Returns the columns that fill a field, in order. */
export function columnsOf(rule: ImportFieldRule | undefined): readonly string[] {
  return rule?.columns ?? (rule?.column === undefined ? [] : [rule.column])
}

function withRule(map: ImportMap, field: ImportField, rule: ImportFieldRule | undefined): ImportMap {
  const { [field]: _, ...others } = map.fields
  return { ...map, fields: rule === undefined ? others : { ...others, [field]: rule } }
}

type FormatOption = 'dateFormat' | 'timeFormat' | 'durationFormat' | 'durationDecimal'
/** The format options that belong to the columns of a field. */
const FORMATS: Partial<Record<ImportField, readonly FormatOption[]>> = {
  date: ['dateFormat'],
  dateTime: ['dateFormat'],
  time: ['timeFormat'],
  callDuration: ['durationFormat', 'durationDecimal'],
}

/** Removes the formats of a field. They belong to its previous column; those of another column are detected again. */
function withoutFormats(map: ImportMap, field: ImportField): ImportMap {
  const options: readonly string[] = FORMATS[field] ?? []
  return Object.fromEntries(Object.entries(map).filter(([option]) => !options.includes(option))) as ImportMap
}

/** Fills a field from other columns, or from none. Translations of values are removed with their column; a column replaces a fixed value. */
export function withColumns(before: ImportMap, field: ImportField, columns: readonly string[]): ImportMap {
  const separator = before.fields[field]?.separator ?? ' · '
  const map = withoutFormats(before, field)
  const [first, ...more] = columns
  if (first === undefined) return withRule(map, field, undefined)
  return withRule(map, field, more.length === 0 ? { column: first, separator } : { columns: [...columns], separator })
}

/** Gives every row the same value; an empty one removes it. */
export function withConstant(map: ImportMap, field: ImportField, constant: string): ImportMap {
  const rule = map.fields[field]
  const { constant: _, ...rest } = rule ?? { separator: ' · ' }
  if (constant !== '') return withRule(map, field, { ...rest, constant })
  return withRule(map, field, columnsOf(rule).length === 0 ? undefined : rest)
}

const fold = (text: string) => text.trim().toLowerCase()

/** Returns the translation of a value of the file; null: no value, undefined: not translated. */
export function translated(rule: ImportFieldRule | undefined, value: string): string | null | undefined {
  const known = Object.entries(rule?.values ?? {}).find(([from]) => fold(from) === fold(value))
  return known?.[1]
}

/** @param to null: no value; undefined: not translated. */
export function withValue(map: ImportMap, field: ImportField, value: string, to: string | null | undefined): ImportMap {
  const rule = map.fields[field]
  if (rule === undefined) return map
  const others = Object.entries(rule.values ?? {}).filter(([from]) => fold(from) !== fold(value))
  const values = Object.fromEntries(to === undefined ? others : [...others, [value, to]])
  const { values: _, ...rest } = rule
  return withRule(map, field, Object.keys(values).length === 0 ? rest : { ...rest, values })
}

/** Returns the values to translate for a field: the values of its column if they are few, and those with a translation. */
export function valuesToMap(rule: ImportFieldRule | undefined, columns: readonly Column[]): string[] {
  const [name] = columnsOf(rule)
  if (name === undefined) return []
  const distinct = columns.find((column) => column.name === name)?.distinct ?? []
  const mapped = Object.keys(rule?.values ?? {}).filter((value) => value !== OTHERS)
  const seen = new Set<string>()
  return [...distinct, ...mapped].filter((value) => !seen.has(fold(value)) && seen.add(fold(value)))
}

/** Returns the choices to which values of a field can be translated; undefined if any text is valid. */
export function targetsOf(field: ImportField): { value: string; label: string }[] | undefined {
  return IMPORT_FIELD_VALUES[field]?.map((value) => ({ value, label: valueLabel(field, value) }))
}

/** Sets a text option of the mapping; empty: detected. */
export function withText(map: ImportMap, option: 'dateFormat' | 'timeFormat' | 'timeZone', text: string): ImportMap {
  const { [option]: _, ...rest } = map
  return text === '' ? rest : { ...rest, [option]: text }
}

/** Sets the format of durations; null: detected. */
export function withDuration(map: ImportMap, option: 'durationFormat' | 'durationDecimal', value: string | null): ImportMap {
  const { [option]: _, ...rest } = map
  return value === null ? rest : { ...rest, [option]: value as never }
}

/** The names of the formats of durations. The English is that of `spellDurationFormat`. */
export const DURATION_TEXTS: Readonly<Record<DurationFormat, MessageDescriptor>> = {
  s: msg`seconds`,
  ms: msg`milliseconds`,
  min: msg`minutes`,
  h: msg`hours`,
  d: msg`days (a spreadsheet’s fraction of a day)`,
  'm:ss': msg`minutes and seconds (m:ss)`,
  'h:mm': msg`hours and minutes (h:mm)`,
  'h:mm:ss': msg`hours, minutes and seconds (h:mm:ss)`,
  'm:ss:00': msg`minutes and seconds that a spreadsheet took for hours and minutes (m:ss:00)`,
}

/** The choices for the format of durations. */
export const durationChoices = () => DURATION_FORMATS.map((value) => ({ value, label: i18n.t(DURATION_TEXTS[value]) }))
export const decimalChoices = () =>
  [
    { value: '.', label: t`a point: 1,234.5` },
    { value: ',', label: t`a comma: 1.234,5` },
  ] satisfies { value: DecimalSign; label: string }[]

/** Returns why the mapping cannot be run yet; null if it can. @param questions the open questions about the file under this mapping. */
export function mapProblem(map: ImportMap, questions: readonly ImportQuestion[] = []): string | null {
  const hasTime = map.fields.date !== undefined || map.fields.dateTime !== undefined
  if (!hasTime) return t`Choose the column of the date, or of date and time: every call needs a date.`
  if (map.fields.date !== undefined && map.fields.dateTime !== undefined)
    return t`Choose either a column for Date or one for Date and time: a call has one date.`
  const open = questions.find(({ option }) => map[option] === undefined)
  if (open === undefined) return null
  const { column } = open
  return t`Answer the question about “${column}” first.`
}
