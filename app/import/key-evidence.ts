import type { ImportMap } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { plain } from './field-words.ts'
import { compileMap, type RowMapper } from './map-row.ts'
import { columnsOf } from './map-rule.ts'
import type { ReadingContext } from './read-columns.ts'
import type { CsvFile } from './read-csv.ts'
import { RowIdentity } from './row-identity.ts'

/*
 * Whether a column identifies calls. One file cannot prove it: a lead's number is unique in each month's file, and so is a running number.
 * The evidence is the whole file, the header, and the calls that the key finds in the workspace.
 */

/** Rows whose key is compared with the workspace. */
const COMPARED_ROWS = 20_000

const MINUTE = 60_000
/** Zones differ by at most 26 hours and by whole quarters of an hour; a file read in another zone holds the same calls. */
const ZONES_MS = 26 * 60 * MINUTE
const QUARTER = 15 * MINUTE

/** Headers that name a call. Others may number leads, or the lines of one file. */
const NAMES_A_CALL = /\b(call|activity|conversation|booking|appointment|anruf|gespraech|gesprach|termin)/

/**
 * Whether a row of a file, which took place at `eventAt`, cannot be about the call, which is completed and took place at another time.
 * A call that is not completed may be moved.
 */
export function isAnotherCall({ status, eventAt: before }: Pick<Call, 'status' | 'eventAt'>, eventAt: number): boolean {
  if (status !== 'completed') return false
  const distance = Math.abs(before - eventAt)
  const offQuarter = Math.min(distance % QUARTER, QUARTER - (distance % QUARTER))
  return distance > ZONES_MS || offQuarter > MINUTE
}

/** The id that the key gives to a row, and when its call took place. */
export type KeyedRow = { readonly id: Id; readonly eventAt: number }

export type KeyExamination = {
  readonly column: string
  /** Why the key is not used unless calls in the workspace prove it; null: there is no doubt. */
  readonly doubt: string | null
  /** Whether the doubt is certain whatever the workspace holds. */
  readonly isCertain: boolean
  readonly rows: readonly KeyedRow[]
}

type KeyContext = Pick<ReadingContext, 'timeZone' | 'now'> & { readonly clientId: Id }

/** Gathers what the values of a key column have in common. */
class KeyValues {
  readonly #seen = new Set<string>()
  readonly #numbers: number[] = []
  #prefix: string | undefined
  #isNumbered = true
  repeats = false
  hasBlank = false

  add(value: string): void {
    if (value === '') {
      this.hasBlank = true
      return
    }
    if (this.#seen.has(value)) this.repeats = true
    else if (!this.repeats) this.#seen.add(value)
    if (!this.#isNumbered) return
    const [, prefix, digits] = /^(.*?)(\d{1,15})$/.exec(value) ?? []
    this.#isNumbered = prefix !== undefined && (this.#prefix === undefined || this.#prefix === prefix)
    this.#prefix = prefix
    this.#numbers.push(Number(digits))
  }

  /** 1, 2, 3 … or L1, L2, L3 …, in any order. */
  get isRunningNumber(): boolean {
    if (!this.#isNumbered || this.#numbers.length === 0) return false
    let [least, most] = [Infinity, -Infinity]
    for (const number of this.#numbers) {
      least = Math.min(least, number)
      most = Math.max(most, number)
    }
    return least <= 1 && most - least + 1 === this.#numbers.length
  }
}

function doubtOf(column: string, values: KeyValues): Pick<KeyExamination, 'doubt' | 'isCertain'> {
  if (values.repeats || values.hasBlank)
    return {
      doubt: `“${column}” is not used as the row id, because ${values.repeats ? 'values repeat' : 'rows have no value'} in it.`,
      isCertain: true,
    }
  if (values.isRunningNumber && !NAMES_A_CALL.test(plain(column)))
    return {
      doubt: `“${column}” is not used as the row id, because it only counts: the next file may count from the start again. If it identifies a call in every file, choose it as the row id.`,
      isCertain: false,
    }
  return { doubt: null, isCertain: false }
}

function mapperOf(file: CsvFile, map: ImportMap, { clientId, timeZone, now }: KeyContext): RowMapper | undefined {
  const { dateFormat, timeFormat } = map
  const formats = { date: dateFormat, dateTime: dateFormat, time: timeFormat }
  // How durations are written may be an open question; a row's id and time do not depend on it.
  const { callDuration: _, ...fields } = map.fields
  const identity = new RowIdentity(clientId, map.source)
  try {
    return compileMap({ map: { ...map, fields }, columns: file.columns, formats, timeZone, identity, now })
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** Reads the whole file once for the suggested key. Returns null if the map has none. */
export async function examineKey(
  file: CsvFile,
  map: ImportMap,
  rowCount: number,
  context: KeyContext,
): Promise<KeyExamination | null> {
  const rule = map.fields.externalId
  const [column] = rule === undefined ? [] : columnsOf(rule)
  if (column === undefined) return null
  const place = file.columns.indexOf(column)
  const values = new KeyValues()
  const mapper = mapperOf(file, map, context)
  const rows: KeyedRow[] = []
  const every = Math.max(1, Math.ceil(rowCount / COMPARED_ROWS))
  let n = 0
  for await (const batch of file.batches())
    for (const row of batch) {
      if (row.fault !== null) continue
      values.add((row.cells[place] ?? '').trim())
      if (n++ % every !== 0) continue
      const mapped = mapper?.(row)
      if (mapped === undefined || 'issues' in mapped) continue
      const { id, call } = mapped.row
      rows.push({ id, eventAt: call.completedAt ?? call.scheduledAt ?? 0 })
    }
  return { column, ...doubtOf(column, values), rows }
}

/** How many rows the key leads to calls of the workspace, and what these calls say. */
export type KeyComparison = { readonly agreeing: number; readonly contradicting: number }

/** The map to suggest after the comparison, and a warning if the key is not used. */
export function decideKey(
  map: ImportMap,
  examination: KeyExamination,
  { agreeing, contradicting }: KeyComparison,
): { readonly map: ImportMap; readonly warning: string | null } {
  const { column, doubt, isCertain } = examination
  const isRefuted = contradicting > 0 && contradicting >= agreeing
  const isProven = agreeing > contradicting
  if (!isRefuted && (doubt === null || (isProven && !isCertain))) return { map, warning: null }
  const { externalId: _, ...fields } = map.fields
  const warning = isRefuted
    ? `“${column}” is not used as the row id: existing calls with the same values took place at other times. It identifies something else than a call, for example a lead. Rows are identified by all their values.`
    : `${doubt ?? ''} Rows are identified by all their values, so a row that is changed in the file becomes another call.`
  return { map: { ...map, fields }, warning }
}
