import { clause, sentence } from '../../core/messages/sentence.ts'
import type { ImportField, ImportMap } from '../../core/contract/imports.ts'
import { dateAlone } from '../../core/time/date-alone.ts'
import { DateFormatError, dateReader, type DateReader, type ReadTime } from '../../core/import/date-format.ts'
import { localClock } from '../../core/time/local-time.ts'
import { invalidMapping, columnsOf, quote, memoized, shortened, type CellReader, type RowIssue } from './map-rule.ts'
import type { ColumnFormats } from './find-formats.ts'

const MINUTE = 60_000
const DAY = 86_400_000

function compileFormat(path: string, format: string): DateReader {
  try {
    return dateReader(format)
  } catch (error) {
    throw invalidMapping(path, error instanceof DateFormatError ? error.why : sentence('import.not-a-format', { format }))
  }
}

/** Returns the time of a row's call, or why it has none. */
export type WhenReader = (cells: readonly string[]) => number | RowIssue

/**
 * Returns the reader of a call's time: from one column of date and time, or from one column of dates and one of times of day. A date
 * without a time in either column is a date alone, which is the same date in every zone.
 */
export function compileWhen(
  map: ImportMap,
  formats: ColumnFormats,
  zone: string,
  rules: ReadonlyMap<ImportField, CellReader>,
): WhenReader {
  const toInstant = localClock(zone)
  const compiled = (field: 'date' | 'time' | 'dateTime') => {
    const rule = rules.get(field)
    if (rule === undefined) return undefined
    const path = field === 'time' ? 'timeFormat' : 'dateFormat'
    const format = formats[field]
    if (format === undefined)
      throw invalidMapping(
        path,
        sentence('import.no-format', {
          columns: columnsOf(map.fields[field] ?? { separator: '' })
            .map(quote)
            .join(', '),
          option: clause(`import.option.${path}`),
        }),
      )
    const read = memoized(compileFormat(path, format))
    const what = field === 'time' ? 'time' : 'date'
    return {
      rule,
      read,
      unreadable: (value: string): RowIssue => ({
        field,
        ...(value === ''
          ? sentence(`import.${what}-missing`)
          : sentence(`import.not-a-${what}`, { value: shortened(value), format })),
      }),
    }
  }
  if (rules.has('dateTime') && rules.has('date')) throw invalidMapping('fields', sentence('import.date-twice'))
  const date = compiled('dateTime') ?? compiled('date')
  if (date === undefined) throw invalidMapping('fields', sentence('import.no-date'))
  const time = compiled('time')

  // Dates repeat in a file, and looking up the offset of a zone is slow.
  const ofDate = memoized((reading: number) => dateAlone(reading, zone))

  function at({ reading, offsetMinutes, hasTime }: ReadTime): number {
    if (!hasTime) return ofDate(reading)
    return offsetMinutes === null ? toInstant(reading) : reading - offsetMinutes * MINUTE
  }

  return (cells) => {
    const dateText = date.rule(cells)
    const day = date.read(dateText)
    if (day === undefined) return date.unreadable(dateText)
    const timeText = time?.rule(cells) ?? ''
    if (time === undefined || timeText === '') return at(day)
    const clock = time.read(timeText)
    if (clock === undefined) return time.unreadable(timeText)
    const midnight = Math.floor(day.reading / DAY) * DAY
    const ofDay = clock.reading - Math.floor(clock.reading / DAY) * DAY
    // A database writes a date without a time as midnight. Any other time of day contradicts the column of times.
    if (day.reading !== midnight && day.reading - midnight !== ofDay)
      return {
        field: 'time',
        ...sentence('import.two-times', { date: shortened(dateText), time: shortened(timeText) }),
      }
    // A date without a time is read as midnight. The zone of that midnight does not apply to the other column.
    const offsetOfDay = day.reading === midnight ? null : day.offsetMinutes
    return at({ reading: midnight + ofDay, offsetMinutes: clock.offsetMinutes ?? offsetOfDay, hasTime: true })
  }
}
