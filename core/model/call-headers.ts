import { CALL_FIELDS, type CallField } from './call-fields.ts'

/** The headers of exported calls. An import recognises an export by them. */
export const WHEN = 'When'
export const CREATED_AT = 'Created at'
export const CALL_ID = 'Call id'
export const AGENT_ID = 'Agent id'

/** Returns the header of a field's values. @param zone of local times; null: they have an offset */
export function columnHeader(field: CallField, zone: string | null): string {
  const { kind, label } = CALL_FIELDS[field]
  if (kind === 'duration') return `${label} (seconds)`
  return kind === 'time' ? timeHeader(label, zone) : label
}

/** Returns the header of a column of local times. */
export function timeHeader(label: string, zone: string | null): string {
  return zone === null ? label : `${label} (${zone})`
}

/** Returns the header of the exact times of a column of local times. */
export function exactHeader(label: string): string {
  return `${label} (UTC)`
}

/** Returns the zone of a header of local times; null: their values have an offset; undefined: another column. */
export function zoneOfHeader(label: string, header: string): string | null | undefined {
  if (header === label) return null
  const isTimed = header.startsWith(`${label} (`) && header.endsWith(')')
  return isTimed ? header.slice(label.length + 2, -1) : undefined
}
