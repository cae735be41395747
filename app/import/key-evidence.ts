import type { ImportMap } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence, clause } from '../../core/messages/sentence.ts'
import type { Sentence, Text } from '../../core/messages/text.ts'
import type { CallId, ClientId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { plain } from './field-words.ts'
import { compileMapping, type RowMapper } from './map-row.ts'
import { columnsOf } from './map-rule.ts'
import { OWN_SOURCE } from './own-export.ts'
import type { ReadingContext } from './read-columns.ts'
import type { CsvFile } from './read-csv.ts'
import { RowIdentity } from './row-identity.ts'

/*
 * Decides whether a column identifies calls. One file cannot prove it: the number of a lead may be unique in the file of each month, and so
 * may a running number. The evidence is the whole file, the header, and the calls of the workspace with the same keys.
 */

/** Most rows whose keys are compared with the workspace. */
const COMPARED_ROWS = 20_000

const MINUTE = 60_000
/** Zones differ by at most 26 hours and by whole quarters of an hour. A file that is read in another zone has the same calls. */
const ZONES_MS = 26 * 60 * MINUTE
const QUARTER = 15 * MINUTE

/** Headers that name a call. Other numbers may count leads, or the lines of one file. */
const NAMES_A_CALL = /\b(call|activity|conversation|booking|appointment|anruf|gespraech|gesprach|termin)/

/**
 * Whether a row with the time `eventAt` is about another call: this one is completed and took place at another time. A call that is not
 * completed may be moved to another time.
 */
export function isAnotherCall({ status, eventAt: before }: Pick<Call, 'status' | 'eventAt'>, eventAt: number): boolean {
  if (status !== 'completed') return false
  const distance = Math.abs(before - eventAt)
  const offQuarter = Math.min(distance % QUARTER, QUARTER - (distance % QUARTER))
  return distance > ZONES_MS || offQuarter > MINUTE
}

/** The id that a row gets from its key, and the time of its call. */
export type KeyedRow = { readonly id: CallId; readonly eventAt: number }

export type KeyExamination = {
  readonly column: string
  /** Why the key is not used, unless calls of the workspace prove it; null: there is no doubt. */
  readonly doubt: Text | null
  /** Whether no call of the workspace can remove the doubt. */
  readonly isCertain: boolean
  readonly rows: readonly KeyedRow[]
}

type KeyContext = Pick<ReadingContext, 'timeZone' | 'now'> & { readonly clientId: ClientId }

/** Collects what the values of a key column have in common. */
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

  /** Whether the values are 1, 2, 3 … or L1, L2, L3 …, in any order. */
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
      doubt: clause(values.repeats ? 'columns.key-repeats' : 'columns.key-blank', { column }),
      isCertain: true,
    }
  if (values.isRunningNumber && !NAMES_A_CALL.test(plain(column)))
    return {
      doubt: clause('columns.key-counts', { column }),
      isCertain: false,
    }
  return { doubt: null, isCertain: false }
}

function mapperOf(file: CsvFile, map: ImportMap, { clientId, timeZone, now }: KeyContext): RowMapper | undefined {
  const { dateFormat, timeFormat } = map
  const formats = { date: dateFormat, dateTime: dateFormat, time: timeFormat }
  // The format of durations may be an open question. The id and the time of a row do not depend on it.
  const { callDuration: _, ...fields } = map.fields
  const identity = new RowIdentity(clientId, map.source)
  try {
    return compileMapping({ map: { ...map, fields }, columns: file.columns, formats, timeZone, identity, now })
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** Reads the whole file once and examines the suggested key. Returns null if the mapping has no key, or if the key is certain. */
export async function examineKey(
  file: CsvFile,
  map: ImportMap,
  rowCount: number,
  context: KeyContext,
): Promise<KeyExamination | null> {
  const rule = map.fields.externalId
  const [column] = rule === undefined ? [] : columnsOf(rule)
  if (column === undefined || map.source === OWN_SOURCE) return null
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

/** Numbers of existing calls with the same keys whose times agree with their rows, and whose times contradict them. */
export type KeyComparison = { readonly agreeing: number; readonly contradicting: number }

/** Returns the mapping to suggest after the comparison, and a warning if the key is not used. */
export function decideKey(
  map: ImportMap,
  examination: KeyExamination,
  { agreeing, contradicting }: KeyComparison,
): { readonly map: ImportMap; readonly warning: Sentence | null } {
  const { column, doubt, isCertain } = examination
  const isRefuted = contradicting > 0 && contradicting >= agreeing
  const isProven = agreeing > contradicting
  if (!isRefuted && (doubt === null || (isProven && !isCertain))) return { map, warning: null }
  const { externalId: _, ...fields } = map.fields
  const warning = isRefuted ? sentence('columns.key-refuted', { column }) : sentence('columns.no-key', { doubt: doubt ?? '' })
  return { map: { ...map, fields }, warning }
}
