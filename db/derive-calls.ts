import { and, eq, exists, ne, sql, type SQL } from 'drizzle-orm'
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
import { selectBy, updateOf } from '../platform/sqlite/prepared.ts'
import { manyRows, query, readRows, statement, upsert, type Named, type RowOf } from './prepared.ts'
import { localCallDerivation } from './local-schema.ts'
import { calls, clients, clientSettings } from './schema.ts'
import { isBulkLoading } from './schema-objects.ts'
import { immediately, type SqlValue } from './statements.ts'
import { indexTextTogether } from './text-index.ts'
import { closeContext, contextClient, deferringText, openContext, setContextClient } from './write-context.ts'

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

const isCountry = eq(clientSettings.key, 'default_country')

const countrySetting = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ value: clientSettings.value })
    .from(clientSettings)
    .where(and(eq(clientSettings.clientId, clientId), isCountry)),
)

/** Returns the client's default country for phone numbers. */
export function defaultCountry(db: ReadableDb, clientId: ClientId): string | null {
  const found = countrySetting.get(db, { clientId })
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

const countrySettings = query((orm) =>
  orm
    .select({ clientId: clientSettings.clientId, value: clientSettings.value })
    .from(clientSettings)
    .where(and(isCountry, ne(clientSettings.value, 'null')))
    .orderBy(clientSettings.clientId),
)

/** Returns the default countries of the clients as JSON. */
function currentCountries(db: ReadableDb): string {
  return JSON.stringify(Object.fromEntries(countrySettings.all(db).map(({ clientId, value }) => [clientId, value])))
}

const derivationState = query((orm) =>
  orm
    .select({
      rule: localCallDerivation.rule,
      countries: localCallDerivation.countries,
      doneTo: localCallDerivation.doneTo,
    })
    .from(localCallDerivation),
)

const saveDerivation = upsert(localCallDerivation, [localCallDerivation.singleton])

/** Records that the calls up to `doneTo` are derived by the present rules and countries. @param doneTo null: all calls */
function saveState(db: WritableDb, doneTo: number | null): void {
  saveDerivation(db, { singleton: 1, rule: DERIVATION_RULE, countries: currentCountries(db), doneTo })
}

const clientWithUnderivedCall = query((orm) => {
  const underived = selectBy(orm, { rowid: calls.rowid }, calls, 'calls_by_name').where(
    and(eq(calls.clientId, clients.id), eq(calls.nameKey, '')),
  )
  return orm.select({ id: clients.id }).from(clients).where(exists(underived)).limit(1)
})

/** Whether calls have no derived columns, or those of other rules. Another program that inserts a call does not fill them. */
export function isDerivationMissing(db: ReadableDb): boolean {
  return derivationState.get(db)?.rule !== DERIVATION_RULE || clientWithUnderivedCall.get(db) !== undefined
}

const { rowid, id, clientId, prospectName, prospectEmail, prospectPhone, notes, nameKey, phoneE164, nameTerms, searchTerms } =
  calls
const stored = {
  rowid,
  id,
  clientId,
  prospectName,
  prospectEmail,
  prospectPhone,
  notes,
  nameKey,
  phoneE164,
  nameTerms,
  searchTerms,
}

const callsAfter = manyRows(
  stored,
  ({ after }: Named<{ after: number }>) =>
    sql`FROM ${calls} WHERE ${calls.rowid} > ${after} ORDER BY ${calls.rowid} LIMIT ${CALLS_A_STEP}`,
)

const updateDerived = statement((orm, derived: Named<DerivedCall & { rowid: number }>) =>
  updateOf(orm, calls, {
    nameKey: derived.nameKey,
    phoneE164: derived.phoneE164,
    nameTerms: derived.nameTerms,
    searchTerms: derived.searchTerms,
  }).where(eq(calls.rowid, derived.rowid)),
)

type StoredCall = RowOf<typeof stored>

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
  const read = callsAfter(db, { after })
  const found = read.flatMap((call) => {
    const due = deriver.correction(call)
    return due === null ? [] : [{ call, due }]
  })
  return { found, next: read.at(-1)?.rowid ?? null }
}

/** Needs a write context, because the triggers refuse changes without one. Changes its client to that of the last call. */
function correct(db: WritableDb, corrections: readonly Correction[]): void {
  let client: ClientId | undefined
  for (const { call, due } of corrections) {
    if (call.clientId !== client) setContextClient(db, (client = call.clientId))
    updateDerived(db, { ...due, rowid: call.rowid })
  }
}

const NO_PERSON = {
  ...{ clientId: '', userId: '', txId: '', hlc: '0'.repeat(16), now: 0, ipAddress: null, userAgent: null },
  ...{ sync: 0, trail: 0, schemaVersion: 0 },
}

/** Runs `work` with a write context. No person makes these changes: they are neither audited nor synced, and `updated_at` stays. */
function withoutTrail(db: WritableDb, work: () => void): void {
  openContext(db, NO_PERSON)
  work()
  closeContext(db)
}

function correctAll(db: WritableDb): void {
  const deriver = new Deriver(db)
  deferringText(db, () => {
    for (let after: number | null = 0; after !== null;) {
      const { found, next } = nextCorrections(db, deriver, after)
      correct(db, found)
      after = next
    }
  })
}

/**
 * Derives all calls and rebuilds the text indexes and the totals, in the caller's transaction. It does not use the triggers of the text
 * indexes, because changing an index for each call takes many times longer.
 */
export function deriveAllInside(db: WritableDb): void {
  const client = contextClient(db)
  if (client === undefined) withoutTrail(db, () => correctAll(db))
  else {
    correctAll(db)
    setContextClient(db, client)
  }
  saveState(db, null)
  for (const text of rebuildDerivedSql) db.sqlite.exec(text)
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
    saveState(db, next)
    return next !== null
  })
}

/** Returns the rowid after which calls are due to be derived again; null: none are. */
function dueFrom(db: ReadableDb): number | null {
  const state = derivationState.get(db)
  if (state?.rule !== DERIVATION_RULE || state.countries !== currentCountries(db)) return 0
  return state.doneTo
}

export type DerivationSoundness = { readonly sampled: number; readonly wrong: number }

/** Compares the derived columns of some calls, spread over all, with the calls. @param sample a SELECT of their rowids */
export function derivationSoundness(db: ReadableDb, sample: SQL): DerivationSoundness {
  const deriver = new Deriver(db)
  const read = readRows(db, stored, sql`FROM ${calls} WHERE ${calls.rowid} IN (${sample})`)
  return { sampled: read.length, wrong: read.filter((call) => deriver.correction(call) !== null).length }
}
