import type { ClientId } from '../core/id.ts'
import {
  DERIVATION_RULE,
  DERIVED_COLUMNS,
  DERIVED_FIELDS,
  deriveCall,
  type CallTexts,
  type DerivedCall,
} from '../core/model/call-derivation.ts'
import { CALL_COLUMNS } from '../core/model/call-fields.ts'
import { settingsSchema } from '../core/model/settings.ts'
import { rebuildDerivedSql } from './derived.ts'
import type { ReadableDb, WritableDb } from './open.ts'
import { isBulkLoading } from './schema-objects.ts'
import { immediately, row, rows, run, type SqlValue } from './statements.ts'
import { indexTextTogether } from './text-index.ts'

/*
 * Each command that writes a call also writes the columns that `core/model/call-derivation.ts` derives from it. This file derives the calls that
 * are in the file already: after a migration, after a change of the rules, after a change of the client's default country, and for
 * `doctor --fix`.
 */

/** The fields of a call from which the derived ones follow, and their columns. */
export const DERIVED_FROM_FIELDS = [
  'prospectName',
  'prospectEmail',
  'prospectPhone',
  'notes',
] as const satisfies (keyof CallTexts)[]
export const DERIVED_FROM: readonly string[] = DERIVED_FROM_FIELDS.map((field) => CALL_COLUMNS[field])

/** Calls per step. A step blocks other writes for some tens of milliseconds. */
const CALLS_A_STEP = 500

/** Returns the client's default country for phone numbers. */
export function defaultCountry(db: ReadableDb, clientId: ClientId): string | null {
  const found = row<{ value: string }>(
    db,
    `SELECT value FROM client_settings WHERE client_id = ? AND key = 'default_country'`,
    clientId,
  )
  return found === undefined ? null : countryOf(found.value)
}

/** A newer release may have stored a value that this one does not accept. */
function countryOf(json: string): string | null {
  const parsed = settingsSchema.shape.default_country.safeParse(JSON.parse(json))
  return parsed.success ? parsed.data : null
}

/** The derived columns with their values. */
function derivedColumns(call: CallTexts, country: string | null): Record<string, SqlValue> {
  const derived = deriveCall(call, country)
  return Object.fromEntries(DERIVED_FIELDS.map((field) => [DERIVED_COLUMNS[field], derived[field]]))
}

/** The same from a row's columns. */
export function derivedFromColumns(values: Readonly<Record<string, SqlValue | undefined>>, country: string | null) {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null)
  const call = {
    prospectName: text('prospect_name') ?? '',
    prospectEmail: text('prospect_email'),
    prospectPhone: text('prospect_phone'),
    notes: text('notes'),
  }
  return derivedColumns(call, country)
}

type State = { readonly rule: number; readonly countries: string; readonly doneTo: number | null }

/** Returns the default countries of the clients as JSON. */
function currentCountries(db: ReadableDb): string {
  const found = row<{ countries: string }>(
    db,
    `SELECT json_group_object(client_id, value) AS countries FROM
       (SELECT client_id, value FROM client_settings WHERE key = 'default_country' AND value <> 'null' ORDER BY client_id)`,
  )
  return found?.countries ?? '{}'
}

function getState(db: ReadableDb): State | undefined {
  return row<State>(db, 'SELECT rule, countries, done_to AS doneTo FROM local_call_derivation WHERE singleton = 1')
}

function setState(db: WritableDb, countries: string, doneTo: number | null): void {
  run(
    db,
    'INSERT OR REPLACE INTO local_call_derivation (singleton, rule, countries, done_to) VALUES (1, ?, ?, ?)',
    DERIVATION_RULE,
    countries,
    doneTo,
  )
}

/** Whether calls have no derived columns, or those of other rules. Another program that inserts a call does not fill them. */
export function isDerivationMissing(db: ReadableDb): boolean {
  if (getState(db)?.rule !== DERIVATION_RULE) return true
  const underived = `SELECT 1 FROM clients AS c
    WHERE EXISTS (SELECT 1 FROM calls INDEXED BY calls_by_name WHERE client_id = c.id AND name_key = '')`
  return row(db, underived) !== undefined
}

type StoredCall = CallTexts & { readonly [Key in keyof DerivedCall]: string | null } & {
  readonly rowid: number
  readonly id: string
  readonly clientId: ClientId
}

const STORED = `SELECT rowid, id, client_id AS clientId, prospect_name AS prospectName, prospect_email AS prospectEmail,
  prospect_phone AS prospectPhone, notes, ${DERIVED_FIELDS.map((field) => `${DERIVED_COLUMNS[field]} AS ${field}`).join(', ')} FROM calls`

const UPDATE_DERIVED = `UPDATE calls SET ${DERIVED_FIELDS.map((field) => `${DERIVED_COLUMNS[field]} = ?`).join(', ')} WHERE rowid = ?`

/** Derives stored calls by the default countries of their clients. */
class Deriver {
  readonly #db: ReadableDb
  readonly #countries = new Map<string, string | null>()

  constructor(db: ReadableDb) {
    this.#db = db
  }

  /** Returns the correct values of the derived columns; null if the call has them already. */
  correction(call: StoredCall): DerivedCall | null {
    let country = this.#countries.get(call.clientId)
    if (country === undefined) this.#countries.set(call.clientId, (country = defaultCountry(this.#db, call.clientId)))
    const due = deriveCall(call, country)
    return DERIVED_FIELDS.every((field) => call[field] === due[field]) ? null : due
  }
}

type Correction = { readonly call: StoredCall; readonly due: DerivedCall }

/** Reads the next calls after a rowid, and returns the corrections that they need. `next`: the last rowid that it read; null at the end. */
function nextCorrections(db: ReadableDb, deriver: Deriver, after: number): { found: Correction[]; next: number | null } {
  const calls = rows<StoredCall>(db, `${STORED} WHERE rowid > ? ORDER BY rowid LIMIT ${CALLS_A_STEP}`, after)
  const found = calls.flatMap((call) => {
    const due = deriver.correction(call)
    return due === null ? [] : [{ call, due }]
  })
  return { found, next: calls.at(-1)?.rowid ?? null }
}

/** Needs a write context, because the triggers refuse changes without one. Changes its client to that of the last call. */
function correct(db: WritableDb, corrections: readonly Correction[]): void {
  for (const { call, due } of corrections) {
    run(db, 'UPDATE local_write_context SET client_id = ?', call.clientId)
    run(db, UPDATE_DERIVED, ...DERIVED_FIELDS.map((field) => due[field]), call.rowid)
  }
}

/** Runs `work` with a write context. No person makes these changes: they are neither audited nor synced, and `updated_at` stays. */
function withoutTrail(db: WritableDb, work: () => void): void {
  run(
    db,
    `INSERT INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, sync, trail, schema_version)
     VALUES (1, '', '', '', '0000000000000000', 0, 0, 0, 0)`,
  )
  work()
  run(db, 'DELETE FROM local_write_context')
}

/**
 * Derives all calls and rebuilds the text indexes and the totals, in the caller's transaction. It does not use the triggers of the text
 * indexes, because changing an index for each call takes many times longer.
 */
export function deriveAllInside(db: WritableDb): void {
  const hasContext = row(db, 'SELECT 1 FROM local_write_context') !== undefined
  const work = () => {
    const before = row<{ clientId: ClientId }>(db, 'SELECT client_id AS clientId FROM local_write_context')
    run(db, 'UPDATE local_write_context SET defers_text = 1')
    const deriver = new Deriver(db)
    for (let after: number | null = 0; after !== null;) {
      const { found, next } = nextCorrections(db, deriver, after)
      correct(db, found)
      after = next
    }
    run(db, 'UPDATE local_write_context SET defers_text = 0, client_id = ?', before?.clientId ?? '')
  }
  if (hasContext) work()
  else withoutTrail(db, work)
  setState(db, currentCountries(db), null)
  for (const sql of rebuildDerivedSql) db.sqlite.exec(sql)
}

/**
 * Derives some calls after a change of the default country, in its own transaction. Returns whether there are more. Calls that are
 * written between two steps are derived by the new country already.
 */
export function deriveStep(db: WritableDb): boolean {
  // A bulk load derives all calls at its end.
  if (isBulkLoading(db) || dueFrom(db) === null) return false
  return immediately(db, () => {
    // Another process may have derived some meanwhile.
    const after = dueFrom(db)
    if (after === null) return false
    const { found, next } = nextCorrections(db, new Deriver(db), after)
    const ids = found.map(({ call }) => call.id)
    if (ids.length > 0) withoutTrail(db, () => indexTextTogether(db, ids, () => correct(db, found)))
    setState(db, currentCountries(db), next)
    return next !== null
  })
}

/** Returns the rowid after which calls are due to be derived again; null: none are. */
function dueFrom(db: ReadableDb): number | null {
  const state = getState(db)
  if (state?.rule !== DERIVATION_RULE || state.countries !== currentCountries(db)) return 0
  return state.doneTo
}

export type DerivationSoundness = { readonly sampled: number; readonly wrong: number }

/** Compares the derived columns of some calls, spread over all, with the calls. */
export function derivationSoundness(db: ReadableDb, sample: string): DerivationSoundness {
  const deriver = new Deriver(db)
  const calls = rows<StoredCall>(db, `${STORED} WHERE rowid IN (${sample})`)
  return { sampled: calls.length, wrong: calls.filter((call) => deriver.correction(call) !== null).length }
}
