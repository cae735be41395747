import type { CsvStyle } from '../../core/contract/exports.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_FIELDS, fieldsInOrder, type CallField } from '../../core/model/call-fields.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'
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

const iso = (at: number | null): Cell => (at === null ? null : new Date(at).toISOString())

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
  const timed = (header: string) => (isRaw ? header : `${header} (${timeZone})`)
  const headerOf = (field: CallField): string => {
    const { kind, label } = CALL_FIELDS[field]
    if (kind === 'duration') return `${label} (seconds)`
    return kind === 'time' ? timed(label) : label
  }
  return [
    { header: timed('When'), kind: 'time', cellOf: ({ eventAt }) => eventAt },
    ...FIELDS.map((field) => fieldColumn(field, headerOf(field), isRaw)),
    { header: timed('Created at'), kind: 'time', cellOf: ({ createdAt }) => createdAt },
    { header: 'Call id', kind: 'text', width: 38, cellOf: ({ id }) => id },
    { header: 'Agent id', kind: 'text', width: 38, cellOf: ({ userId }) => userId },
    ...TIMES.map((field): CallColumn => {
      const cellOf: CallColumn['cellOf'] = (call) => iso(call[field] as number | null)
      return { header: `${CALL_FIELDS[field].label} (UTC)`, kind: 'text', width: 26, cellOf }
    }),
    { header: 'Created at (UTC)', kind: 'text', width: 26, cellOf: ({ createdAt }) => iso(createdAt) },
  ]
}
