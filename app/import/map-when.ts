import type { ImportField, ImportMap } from '../../core/contract/imports.ts'
import { dateAlone } from '../../core/date-alone.ts'
import { dateReader, type DateReader, type ReadTime } from '../../core/import/date-format.ts'
import { localClock } from '../../core/import/local-time.ts'
import { invalidMap, columnsOf, quote, remembering, type CellReader, type RowIssue } from './map-rule.ts'
import type { ColumnFormats } from './find-formats.ts'

const MINUTE = 60_000
const DAY = 86_400_000

function compileFormat(path: string, format: string): DateReader {
  try {
    return dateReader(format)
  } catch (error) {
    throw invalidMap(path, `${error instanceof Error ? error.message : 'This is not a date format'}.`)
  }
}

/** The instant of a row's call, or why there is none. */
export type WhenReader = (cells: readonly string[]) => number | RowIssue

/**
 * When the call was: from one column of date and time, or from a date and a time of day in two. A date that has no time in either of
 * them is a date alone, which is the same date in every zone.
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
      throw invalidMap(
        path,
        `The format of ${columnsOf(map.fields[field] ?? { separator: '' })
          .map(quote)
          .join(', ')} could not be detected; give it as ${path}, for example d-MMM-yy or H:mm.`,
      )
    const read = remembering(compileFormat(path, format))
    const what = field === 'time' ? 'time' : 'date'
    return {
      rule,
      read,
      unreadable: (text: string): RowIssue => ({
        field,
        message: text === '' ? `The ${what} is missing` : `${quote(text)} is not a ${what} of the form ${format}`,
      }),
    }
  }
  if (rules.has('dateTime') && rules.has('date'))
    throw invalidMap('fields', 'The map fills both dateTime and date, so a call would have two dates; use one of them.')
  const date = compiled('dateTime') ?? compiled('date')
  if (date === undefined) throw invalidMap('fields', 'The map fills neither dateTime nor date, but every call needs a date.')
  const time = compiled('time')

  // Files repeat their dates, and the offset of a zone takes long to find.
  const ofDate = remembering((reading: number) => dateAlone(reading, zone))

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
    // A database writes a date without a time as midnight; any other time of day contradicts the column of times.
    if (day.reading !== midnight && day.reading - midnight !== ofDay)
      return {
        field: 'time',
        message: `${quote(dateText)} has another time of day than ${quote(timeText)}; use only one of the two columns`,
      }
    // The zone of a midnight that only replaces a missing time does not apply to the time in the other column.
    const offsetOfDay = day.reading === midnight ? null : day.offsetMinutes
    return at({ reading: midnight + ofDay, offsetMinutes: clock.offsetMinutes ?? offsetOfDay, hasTime: true })
  }
}
