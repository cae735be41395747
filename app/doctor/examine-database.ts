import { isDerivationMissing } from '../../db/derive-calls.ts'
import { SCHEMA_VERSION } from '../../db/migrations/migrations.ts'
import { openSchemaVersion, type ReadableDb } from '../../db/open.ts'
import {
  derivedColumnsSoundness,
  textSoundness,
  wrongNoShows,
  wrongReportTotals,
  wrongTotals,
} from '../../db/queries/derived-soundness.ts'
import { countWaitingChanges } from '../../db/queries/status.ts'
import { countUnauditedCalls, countUnpairedLines, isConnected } from '../../db/queries/trail-soundness.ts'
import { isUnmendable, objectLabel, schemaDifferences } from '../../db/schema-objects.ts'
import { contextClient } from '../../db/write-context.ts'
import { finding, REMEDY, sound, type Check } from './check.ts'

/** Most problems of one file that are listed. */
const MAX_PROBLEMS = 10

/** Messages of SQLite about an index that does not match its table. The table is intact, so the index can be rebuilt. */
const INDEX_PROBLEM = /^(row \d+ missing from index|wrong # of entries in index|non-unique entry in index)/
const TEXT_PROBLEM = /calls_(?:text|parts)/

function integrity(db: ReadableDb): { readonly checks: Check[]; readonly isTextBroken: boolean } {
  const lines = (db.sqlite.pragma(`integrity_check(${MAX_PROBLEMS})`) as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')
  const isTextBroken = lines.some((line) => TEXT_PROBLEM.test(line))
  const rest = lines.filter((line) => !TEXT_PROBLEM.test(line))
  const name = 'integrity'
  const some = rest.length >= MAX_PROBLEMS ? `${MAX_PROBLEMS} problems or more` : `${rest.length} problems`
  if (rest.length === 0) return { checks: [sound(name, 'Every page of the file is intact')], isTextBroken }
  if (rest.every((line) => INDEX_PROBLEM.test(line)))
    return { checks: [finding('indexes', `Indexes do not match their tables: ${some}`, REMEDY.fix)], isTextBroken }
  return { checks: [finding(name, some, REMEDY.backup)], isTextBroken }
}

function references({ sqlite }: ReadableDb): Check {
  const orphans = (sqlite.pragma('foreign_key_check') as unknown[]).length
  if (orphans === 0) return sound('references', 'Every reference points to a row that exists')
  return finding('references', `${orphans} rows point to rows that do not exist`, REMEDY.ask)
}

function schema(db: ReadableDb): Check {
  const name = 'schema'
  const version = openSchemaVersion(db)
  const { missing, altered, added } = schemaDifferences(db)
  const parts = [
    ['missing', missing],
    ['altered', altered],
    ['not made by the application', added],
  ] as const
  const found = parts.filter(([, objects]) => objects.length > 0)
  if (found.length > 0) {
    const named = found.map(([what, objects]) => {
      const labels = objects.map(objectLabel).toSorted()
      const more = labels.length > MAX_PROBLEMS ? ` and ${labels.length - MAX_PROBLEMS} more` : ''
      return `${what}: ${labels.slice(0, MAX_PROBLEMS).join(', ')}${more}`
    })
    const isLost = [...missing, ...altered].some(isUnmendable)
    const isForeign = added.some(({ type }) => type === 'table') && missing.length + altered.length === 0
    const remedy = isLost ? REMEDY.backup : isForeign ? 'Remove the table with the tool that made it.' : REMEDY.fix
    return finding(name, `Differs from version ${version}. ${named.join('; ')}`, remedy)
  }
  if (version === SCHEMA_VERSION) return sound(name, `Version ${version}; no table, index or trigger is missing or altered`)
  return sound(name, `Version ${version}; the application updates it to ${SCHEMA_VERSION} the next time it opens the file`)
}

function totals(db: ReadableDb): Check {
  const wrong = wrongTotals(db) + wrongReportTotals(db) + wrongNoShows(db)
  if (wrong === 0) return sound('totals', 'The totals for reports match the calls')
  return finding('totals', `${wrong} totals for reports do not match the calls`, REMEDY.fix)
}

function derivedColumns(db: ReadableDb): Check {
  const name = 'derived columns'
  const { sampled, wrong } = derivedColumnsSoundness(db)
  const isMissing = isDerivationMissing(db)
  if (wrong === 0 && !isMissing) return sound(name, `Names and phone numbers match all ${sampled} calls that were checked`)
  const missing = isMissing ? '; some calls have none' : ''
  return finding(name, `Sort names or phone numbers do not match ${wrong} of ${sampled} checked calls${missing}`, REMEDY.fix)
}

function textIndex(db: ReadableDb, isBroken: boolean): Check {
  const name = 'text index'
  if (isBroken) return finding(name, 'The text index is damaged, so search may miss calls', REMEDY.fix)
  const { sampled, wrong, stray } = textSoundness(db)
  if (wrong === 0 && stray === 0) return sound(name, `Search finds all ${sampled} calls that were checked`)
  return finding(
    name,
    `${wrong} of ${sampled} checked calls are indexed with wrong words; ${stray} indexed calls do not exist`,
    REMEDY.fix,
  )
}

function journal({ sqlite }: ReadableDb): Check {
  const mode = sqlite.pragma('journal_mode', { simple: true }) as string
  return mode === 'wal' ? sound('journal', 'Journal mode wal') : finding('journal', `Journal mode ${mode}`, REMEDY.fix)
}

function transactions(db: ReadableDb): Check {
  if (contextClient(db) === undefined) return sound('transactions', 'No transaction was left open')
  return finding('transactions', 'Another program left a write context in the file', REMEDY.fix)
}

/**
 * Checks the audit trail. On a connected workspace only the server has the whole trail: rows of a snapshot and removals by the server have
 * no line in the local trail.
 */
function trail(db: ReadableDb): Check {
  const unaudited = countUnauditedCalls(db)
  const isSynced = isConnected(db)
  const unpaired = isSynced ? 0 : countUnpairedLines(db)
  if (unpaired > 0 || unaudited > 0)
    return finding(
      'trail',
      `${unaudited} calls have no audit trail; ${unpaired} entries belong to calls that are missing without a deletion`,
      REMEDY.ask,
    )
  return sound(
    'trail',
    isSynced
      ? 'Every call that was created on this device has its audit trail; the whole trail is on the server'
      : 'Every call has its audit trail',
  )
}

function outbox(db: ReadableDb): Check {
  const pending = countWaitingChanges(db, null)
  return sound('outbox', pending === 0 ? 'No changes are waiting' : `${pending} changes are waiting to be sent`)
}

/** Examines an open workspace. A check that cannot run on a damaged file is reported as a finding. */
export function examineDatabase(db: ReadableDb): Check[] {
  const attempt = (name: string, run: () => Check, remedy: string): Check => {
    try {
      return run()
    } catch {
      return finding(name, 'This check could not run', remedy)
    }
  }
  const { checks, isTextBroken } = integrity(db)
  const structure = schema(db)
  // A check that reads a missing part of the schema fails too, so its remedy is that of the schema.
  const broken = structure.remedy ?? REMEDY.backup
  const isOld = openSchemaVersion(db) < SCHEMA_VERSION
  /** A migration recreates the data that is derived from the calls. */
  const attemptNew = (name: string, run: () => Check) =>
    isOld ? sound(name, 'The application recreates this when it next updates the file') : attempt(name, run, broken)
  return [
    ...checks,
    attempt('references', () => references(db), REMEDY.backup),
    structure,
    attemptNew('totals', () => totals(db)),
    attemptNew('derived columns', () => derivedColumns(db)),
    attemptNew('text index', () => textIndex(db, isTextBroken)),
    attempt('journal', () => journal(db), REMEDY.backup),
    attempt('transactions', () => transactions(db), broken),
    attempt('trail', () => trail(db), broken),
    attempt('outbox', () => outbox(db), broken),
  ]
}
