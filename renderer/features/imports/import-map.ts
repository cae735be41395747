import { IMPORT_FIELD_VALUES, IMPORT_SOURCES } from '../../../core/contract/imports.ts'
import type { ImportField, ImportFieldRule, ImportMap, ImportPreview, ImportQuestion } from '../../../core/contract/imports.ts'
import { DURATION_FORMATS, spellDurationFormat } from '../../../core/import/duration.ts'
import type { DecimalSign } from '../../../core/import/number-text.ts'
import { CALL_FIELD_LABELS, CALL_FIELD_NAMES, type CallField } from '../../../core/model/call-fields.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../../core/model/call-labels.ts'

type Column = ImportPreview['columns'][number]

/** Labels that are more specific than those of the form: a file may have other e-mail addresses and numbers too. */
export const IMPORTED_FIELD_LABELS: Readonly<Record<CallField, string>> = {
  ...CALL_FIELD_LABELS,
  prospectEmail: 'Prospect e-mail',
  prospectPhone: 'Prospect phone',
}

const SOURCE_LABELS = CALL_FIELD_NAMES.flatMap((field) =>
  IMPORT_SOURCES[field].map((source) => [source, IMPORTED_FIELD_LABELS[field]] as const),
)
export const IMPORT_FIELD_LABELS = {
  ...Object.fromEntries(SOURCE_LABELS),
  externalId: 'Row id',
  date: 'Date',
  time: 'Time',
  dateTime: 'Date and time',
} as Readonly<Record<ImportField, string>>

const VALUE_LABELS: Record<string, string> = { ...CALL_TYPE_LABELS, ...STATUS_LABELS, ...OUTCOME_LABELS }

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
  return IMPORT_FIELD_VALUES[field]?.map((value) => ({ value, label: VALUE_LABELS[value] ?? value }))
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

/** The choices for the format of durations. */
export const DURATION_CHOICES = DURATION_FORMATS.map((value) => ({ value, label: spellDurationFormat(value) }))
export const DECIMAL_CHOICES = [
  { value: '.', label: 'a point: 1,234.5' },
  { value: ',', label: 'a comma: 1.234,5' },
] satisfies { value: DecimalSign; label: string }[]

/** Returns why the mapping cannot be run yet; null if it can. @param questions the open questions about the file under this mapping. */
export function mapProblem(map: ImportMap, questions: readonly ImportQuestion[] = []): string | null {
  const hasTime = map.fields.date !== undefined || map.fields.dateTime !== undefined
  if (!hasTime) return 'Choose the column of the date, or of date and time: every call needs a date.'
  if (map.fields.date !== undefined && map.fields.dateTime !== undefined)
    return 'Choose either a column for Date or one for Date and time: a call has one date.'
  const open = questions.find(({ option }) => map[option] === undefined)
  return open === undefined ? null : `Answer the question about “${open.column}” first.`
}
