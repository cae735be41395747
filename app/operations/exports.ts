import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { CsvStyle } from '../../core/contract/exports.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { command, query } from '../declaration/operation.ts'

/** The audit entry of an export. */
export type ExportEntry = {
  /** The exported content: `calls`, `report` … */
  readonly content: string
  readonly format: string
  /** Null: the format has no styles. */
  readonly style: CsvStyle | null
  readonly fileName: string
  /** The number of rows without headers. */
  readonly rows: number
  readonly filter: object
  readonly sort?: CallSort
}

/** The maximum length of a filter in the audit trail, characters. The server refuses longer events. */
const MAX_FILTER = 2_000

/** Returns a filter as JSON, without empty parts. If it is too long, the number of values replaces each list. */
export function filterText(filter: object): string {
  const parts = Object.entries(filter as CallFilter).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  const whole = JSON.stringify(Object.fromEntries(parts))
  if (whole.length <= MAX_FILTER) return whole
  const counted = parts.map(([name, value]) => [name, Array.isArray(value) ? `${value.length} values` : value] as const)
  return JSON.stringify(Object.fromEntries(counted)).slice(0, MAX_FILTER)
}

export const exportsOperations = {
  /** Runs before a file is created. Returns the client's zone. */
  'exports.begin': query({
    access: 'export.run',
    reach: 'own',
    thread: 'list',
    run: ({ db, actor }) => ({ timeZone: getSettings(db, actor.clientId).time_zone }),
  }),
  /** Records a complete export, before its file appears. */
  'exports.record': command({
    access: 'export.run',
    reach: 'own',
    changes: ['audit_logs'],
    isPart: true,
    run: ({ db, actor }, { content, format, style, fileName, rows, filter, sort }: ExportEntry): null => {
      const newValues = {
        content,
        format,
        ...(style === null ? {} : { style }),
        file_name: fileName,
        row_count: rows,
        filter: filterText(filter),
        ...(sort === undefined ? {} : { sort: `${sort.by} ${sort.direction}` }),
      }
      recordEvent(db, { tableName: 'clients', recordId: actor.clientId, action: 'EXPORT', newValues })
      return null
    },
  }),
}
