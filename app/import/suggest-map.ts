import type { ImportField, ImportFieldRule, ImportMap } from '../../core/contract/imports.ts'
import type { TimeKind } from '../../core/import/detect-format.ts'
import type { ColumnProfile } from './column-profile.ts'

/** Headers, lower case and without signs, that speak for a field, in the order of how clearly they do. English and German. */
const HEADERS: Readonly<Partial<Record<ImportField, readonly RegExp[]>>> = {
  externalId: [
    /^(call|row|record|ticket|external|activity|anruf|vorgangs?) ?(id|nr|number|nummer)$/,
    /^(id|uuid|guid|key|reference)$/,
    / id$/,
  ],
  agent: [
    /^(agent|rep|representative|closer|setter|operator|mitarbeiter(in)?|bearbeiter(in)?)( name| email)?$/,
    /\b(agent|representative|sales ?person|user|owner|assigned to|employee|staff)\b/,
  ],
  prospectName: [
    /^(prospect|lead|contact|customer|client|kunde|kundin|interessent)( full)? ?name$/,
    /^(full )?name$|^kundenname$/,
    /^(prospect|lead|contact|customer|caller|kunde|interessent|kontakt)$/,
  ],
  prospectEmail: [/e ?mail|^mail$/],
  prospectPhone: [/phone|telefon|mobile|^tel$|^number$|rufnummer|^handy$/],
  callType: [/^(call )?(type|direction)$|^(anruf)?(art|richtung)$/, /\b(inbound|outbound|direction)\b/],
  status: [/^(call )?status$|^answered\b|^connected\b|^erreicht\b/, /\bstatus\b|\bstate\b|\battended\b|\bshowed\b|\bshow up\b/],
  outcome: [
    /^(call )?(outcome|disposition|ergebnis)$|^resolved\b/,
    /\b(outcome|result|won|sold|closed|converted|ergebnis|abschluss)\b/,
  ],
  lossReason: [/\b(loss|lost|rejection|decline)\b.*\breason\b|^verlustgrund$|^absagegrund$/, /^(reason|grund)$/],
  notes: [
    /^(notes?|comments?|remarks?|notiz(en)?|bemerkung(en)?|kommentare?)$/,
    /^(topic|subject|description|summary|thema|betreff)$/,
  ],
  callDuration: [/duration|talk ?time|^dauer|gesprachsdauer|call length/, /^(length|seconds|minutes)$/],
}
const TIME_HEADERS: Readonly<Record<TimeKind, RegExp>> = {
  dateTime: /date ?time|timestamp|start|complet|created|called at|^when$|zeitpunkt|beginn|^(call )?(date|time)$/,
  date: /\bdate\b|^datum$|^day$|^tag$/,
  time: /\btime\b|^uhrzeit$|^zeit$/,
}
/** Numbers of other things than the talk itself. */
const NOT_A_DURATION = /speed|wait|queue|hold|ring|rating|score/
/** Several calls may have one of these, so its number identifies no call. */
const NOT_A_CALL =
  /\b(lead|contact|prospect|customer|client|account|company|person|user|agent|rep|owner|employee|staff|campaign|list|product|order|deal|opportunity)\b|kunde|kontakt|interessent|mitarbeiter|firma|auftrag/
const INBOUND_SIGNS = /speed of answer|queue|abandon|wait|answered/

const YES = ['y', 'yes', 'true', '1', 'ja', 'j', 'x']
const NO = ['n', 'no', 'false', '0', 'nein']
const SYNONYMS: Readonly<Partial<Record<ImportField, Readonly<Record<string, readonly string[]>>>>> = {
  callType: {
    inbound: ['inbound', 'in', 'incoming', 'eingehend'],
    outbound: ['outbound', 'out', 'outgoing', 'ausgehend'],
  },
  status: {
    completed: [
      'completed',
      'complete',
      'done',
      'answered',
      'connected',
      'attended',
      'showed',
      'held',
      'erreicht',
      'abgeschlossen',
      ...YES,
    ],
    no_show: [
      'no show',
      'noshow',
      'missed',
      'unanswered',
      'not answered',
      'no answer',
      'abandoned',
      'absent',
      'nicht erreicht',
      ...NO,
    ],
    scheduled: ['scheduled', 'booked', 'planned', 'pending', 'open', 'geplant', 'offen'],
    rescheduled: ['rescheduled', 'postponed', 'callback', 'call back', 'verschoben'],
    cancelled: ['cancelled', 'canceled', 'abgesagt', 'storniert'],
  },
  outcome: {
    won: ['won', 'win', 'sold', 'sale', 'success', 'successful', 'closed won', 'converted', 'resolved', 'gewonnen', ...YES],
    lost: ['lost', 'loss', 'declined', 'not interested', 'rejected', 'closed lost', 'verloren', 'abgelehnt'],
    // A matter that was not settled is open: nobody declined. Counting it as lost would invent a refusal and a loss without a reason.
    undecided: ['undecided', 'open', 'pending', 'maybe', 'follow up', 'thinking', 'unresolved', 'unentschieden', 'offen', ...NO],
  },
}

const strangers = (count: number) => (count === 1 ? '1 value that is' : `${count} different values that are`)

function plain(header: string): string {
  return header
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\([^)]*\)/g, ' ')
    .replaceAll(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

/** The translation of a column's values, and those that nothing is known for; undefined where the values say nothing. */
function translate(
  field: ImportField,
  profile: ColumnProfile,
): { readonly values: Record<string, string>; readonly unknown: readonly string[] } | undefined {
  const synonyms = Object.entries(SYNONYMS[field] ?? {})
  const distinct = profile.distinct
  if (distinct === null) return undefined
  const values: Record<string, string> = {}
  const unknown: string[] = []
  for (const value of distinct) {
    const found = synonyms.find(([, words]) => words.includes(plain(value)))
    if (found === undefined) unknown.push(value)
    else values[value] = found[0]
  }
  return Object.keys(values).length === 0 ? undefined : { values, unknown }
}

/**
 * A name for the system a file comes from: the headers of its key, agent and time. They outlive what would make next month's export
 * another system and all of its rows new: another name of the file, a column more.
 */
function sourceOf(fields: ImportMap['fields']): string {
  const columns = (['externalId', 'agent', 'dateTime', 'date', 'time'] as const).flatMap((field) => fields[field]?.column ?? [])
  return (
    columns
      .map((name) => plain(name).replaceAll(' ', '-'))
      .join('-')
      .slice(0, 100) || 'csv'
  )
}

export type Suggestion = { readonly map: ImportMap; readonly warnings: readonly string[] }

/** A map for a file, from its headers and what stands below them. What is guessed is among the warnings. */
export function suggestMap(profiles: readonly ColumnProfile[]): Suggestion {
  const free = new Set(profiles.filter((profile) => !profile.isEmpty))
  const fields: Partial<Record<ImportField, ImportFieldRule>> = {}
  const warnings: string[] = []
  const formats: { date?: string; time?: string } = {}

  function take(field: ImportField, profile: ColumnProfile, rule: Partial<ImportFieldRule> = {}): void {
    free.delete(profile)
    fields[field] = { column: profile.name, separator: ' · ', ...rule }
  }

  function byHeader(field: ImportField, fits: (profile: ColumnProfile) => boolean): ColumnProfile | undefined {
    for (const pattern of HEADERS[field] ?? [])
      for (const profile of free) if (pattern.test(plain(profile.name)) && fits(profile)) return profile
    return undefined
  }

  function takeTime(kind: TimeKind): boolean {
    const fitting = [...free].flatMap((profile) => {
      const guess = profile.format(kind)
      const named = TIME_HEADERS[kind].test(plain(profile.name))
      // A time of day looks like a duration; only its header tells.
      return guess === undefined || (kind === 'time' && !named) ? [] : [{ profile, guess, named }]
    })
    const best = fitting.find(({ named }) => named) ?? fitting[0]
    if (best === undefined) return false
    const { profile, guess } = best
    take(kind, profile)
    formats[kind === 'time' ? 'time' : 'date'] = guess.format
    const other = guess.ambiguousWith[0]
    if (other !== undefined)
      warnings.push(
        `“${profile.name}” can be read as ${guess.format} or as ${other}, and no value decides it. It is read as ${guess.format}; check the dates.`,
      )
    if (guess.hits < guess.values)
      warnings.push(
        `“${profile.name}” holds ${strangers(guess.values - guess.hits)} not of the form ${guess.format}; their rows will be refused.`,
      )
    return true
  }

  function takeSet(field: 'callType' | 'status' | 'outcome'): void {
    const profile = byHeader(field, (column) => translate(field, column) !== undefined)
    const translation = profile && translate(field, profile)
    if (profile === undefined || translation === undefined) return
    take(field, profile, { values: translation.values })
    if (translation.unknown.length > 0)
      warnings.push(
        `Nothing is known of ${translation.unknown.map((value) => `“${value}”`).join(', ')} in “${profile.name}”; translate them under “values” of ${field}, or their rows will be refused.`,
      )
  }

  function takeName(): void {
    const whole = byHeader('prospectName', ({ shares }) => shares.email < 0.5 && shares.phone < 0.5)
    if (whole !== undefined) return take('prospectName', whole)
    const parts = [/^(first|given) name$|^vorname$/, /^(last|family) name$|^surname$|^nachname$/].flatMap(
      (pattern) => [...free].find(({ name }) => pattern.test(plain(name))) ?? [],
    )
    if (parts.length > 0) {
      for (const part of parts) free.delete(part)
      fields.prospectName = { columns: parts.map(({ name }) => name), separator: ' ' }
      return
    }
    const standIn = [fields.prospectPhone, fields.prospectEmail, fields.externalId].find(
      (rule) => rule?.column !== undefined,
    )?.column
    if (standIn === undefined) {
      fields.prospectName = { constant: 'Unknown', separator: ' · ' }
      warnings.push('The file names no prospect; all calls are entered for “Unknown”.')
    } else {
      fields.prospectName = { column: standIn, separator: ' · ' }
      warnings.push(`The file names no prospect; “${standIn}” stands in for the name.`)
    }
  }

  const key = byHeader('externalId', ({ name, looksLikeKey }) => looksLikeKey && !NOT_A_CALL.test(plain(name)))
  if (key !== undefined) take('externalId', key)
  else
    warnings.push(
      'No column identifies a row. Rows are told apart by everything in them, so a row that is changed in the file becomes another call.',
    )
  const duration = byHeader('callDuration', ({ name, shares }) => shares.duration > 0.5 && !NOT_A_DURATION.test(plain(name)))
  if (duration !== undefined) take('callDuration', duration)
  if (!takeTime('dateTime')) {
    if (takeTime('date')) takeTime('time')
    else warnings.push('No column holds dates in a form that is known. Name the column and its format as date and dateFormat.')
  }
  takeSet('status')
  takeSet('outcome')
  takeSet('callType')
  const reason = byHeader('lossReason', () => true)
  if (reason !== undefined) take('lossReason', reason)
  const email = byHeader('prospectEmail', ({ shares }) => shares.email > 0.5)
  if (email !== undefined) take('prospectEmail', email)
  const phone = byHeader('prospectPhone', ({ shares }) => shares.phone > 0.5)
  if (phone !== undefined) take('prospectPhone', phone)
  const agent = byHeader('agent', () => true)
  if (agent !== undefined) take('agent', agent)
  else warnings.push('No column names the agent; all calls will be those of the person who imports.')
  takeName()
  const notes = byHeader('notes', () => true)
  if (notes !== undefined) take('notes', notes)
  if (fields.callType === undefined) {
    const inbound = profiles.some(({ name }) => INBOUND_SIGNS.test(plain(name)))
    fields.callType = { constant: inbound ? 'inbound' : 'outbound', separator: ' · ' }
    warnings.push(`The file does not say who called whom; all calls are entered as ${inbound ? 'inbound' : 'outbound'}.`)
  }
  return {
    map: {
      source: sourceOf(fields),
      fields,
      ...(formats.date === undefined ? {} : { dateFormat: formats.date }),
      ...(formats.time === undefined ? {} : { timeFormat: formats.time }),
      createAgents: true,
      createLossReasons: true,
    },
    warnings,
  }
}
