import type { CsvStyle } from '../../core/contract/exports.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_FIELDS, fieldsInOrder, type CallField } from '../../core/model/call-fields.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'
import { AGENT_ID, CALL_ID, columnHeader, CREATED_AT, exactHeader, timeHeader, WHEN } from '../../core/model/call-headers.ts'
import { exactText } from '../../platform/sheets/local-readings.ts'
import type { Cell, ColumnKind, SheetColumn } from '../../platform/sheets/sheet.ts'

/** The name of the sheet, and the beginning of the file's name. */
export const CALLS_TITLE = 'Calls'

const FIELDS = fieldsInOrder(
  'userId',
  'prospectName',
  'prospectPhone',
  'prospectEmail',
  'callType',
  'status',
  'outcome',
  'lossReasonId',
  'callDuration',
  'notes',
  'scheduledAt',
  'completedAt',
)

const TIMES = FIELDS.filter((field) => CALL_FIELDS[field].kind === 'time')

const WIDTHS: Partial<Record<CallField, number>> = { prospectName: 26, prospectEmail: 28, notes: 50 }

const COLUMN_KINDS = {
  person: 'text',
  lossReason: 'text',
  choice: 'text',
  duration: 'integer',
  time: 'time',
  text: 'text',
} as const satisfies Record<(typeof CALL_FIELDS)[CallField]['kind'], ColumnKind>

const LABELS: Readonly<Record<string, string>> = { ...CALL_TYPE_LABELS, ...STATUS_LABELS, ...OUTCOME_LABELS }

/** The names of people and loss reasons by their ids. */
export type SheetNames = ReadonlyMap<string, string>

type CallColumn = SheetColumn & { readonly cellOf: (call: Call, names: SheetNames) => Cell }

const iso = (at: number | null): Cell => (at === null ? null : `${exactText(at)}Z`)

function fieldColumn(field: CallField, header: string, isRaw: boolean): CallColumn {
  const { kind } = CALL_FIELDS[field]
  const width = WIDTHS[field]
  const cellOf: CallColumn['cellOf'] = (call, names) => {
    const value = call[field]
    if (value === null) return null
    if (kind === 'person' || kind === 'lossReason') return names.get(String(value)) ?? value
    return kind === 'choice' && !isRaw ? (LABELS[String(value)] ?? value) : value
  }
  return { header, kind: COLUMN_KINDS[kind], cellOf, ...(width === undefined ? {} : { width }) }
}

/**
 * Returns the columns of exported calls: the values as people read them, then the values by which an import recognises the calls and their
 * exact times.
 * @param style `raw`: values as they are stored; their times have an offset, so that the headers need no zone.
 */
export function callColumns(timeZone: string, style: CsvStyle): readonly CallColumn[] {
  const isRaw = style === 'raw'
  const zone = isRaw ? null : timeZone
  return [
    { header: timeHeader(WHEN, zone), kind: 'time', cellOf: ({ eventAt }) => eventAt },
    ...FIELDS.map((field) => fieldColumn(field, columnHeader(field, zone), isRaw)),
    { header: timeHeader(CREATED_AT, zone), kind: 'time', cellOf: ({ createdAt }) => createdAt },
    { header: CALL_ID, kind: 'text', width: 38, cellOf: ({ id }) => id },
    { header: AGENT_ID, kind: 'text', width: 38, cellOf: ({ userId }) => userId },
    ...TIMES.map((field): CallColumn => {
      const cellOf: CallColumn['cellOf'] = (call) => iso(call[field] as number | null)
      return { header: exactHeader(CALL_FIELDS[field].label), kind: 'text', width: 26, cellOf }
    }),
    { header: exactHeader(CREATED_AT), kind: 'text', width: 26, cellOf: ({ createdAt }) => iso(createdAt) },
  ]
}
