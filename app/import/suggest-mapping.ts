import { sentence, clause } from '../../core/messages/sentence.ts'
import type { Sentence, TextValue } from '../../core/messages/text.ts'
import type { ImportField, ImportFieldRule, ImportMap } from '../../core/contract/imports.ts'
import type { FormatGuess, TimeKind } from '../../core/import/detect-format.ts'
import type { DurationFormat } from '../../core/import/duration.ts'
import type { DecimalSign } from '../../core/import/number-text.ts'
import type { ColumnProfile } from './column-profile.ts'
import {
  HEADERS,
  IDENTIFIERS,
  INBOUND_SIGNS,
  isYesNo,
  LABELED_FIELDS,
  meaningOf,
  NOT_A_CALL,
  NOT_A_TIME,
  OTHER_TIMES,
  OWN_NUMBERS,
  plain,
  TIME_HEADERS,
} from './field-words.ts'

/** Returns the meanings of a column's values and the unknown values; undefined if no value is known. */
function translate(
  field: ImportField,
  profile: ColumnProfile,
): { readonly values: Record<string, string>; readonly unknown: readonly string[] } | undefined {
  const distinct = profile.distinct
  if (distinct === null) return undefined
  const values: Record<string, string> = {}
  const unknown: string[] = []
  for (const value of distinct) {
    const meaning = meaningOf(field, value)
    if (meaning === undefined) unknown.push(value)
    else values[value] = meaning
  }
  return Object.keys(values).length === 0 ? undefined : { values, unknown }
}

/**
 * Returns a name for the source system of a file: the headers of key, agent and time. The name stays the same for another file name or an
 * additional column. With another source, all rows of the next month's export would be new calls.
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

/** Whether all values look like times of day. They may also be durations. */
function holdsClocks({ name, format }: { readonly name: string; readonly format: FormatGuess | undefined }): boolean {
  return format !== undefined && !format.isNumeric && format.hits === format.values && !NOT_A_TIME.test(plain(name))
}

export type Suggestion = { readonly map: ImportMap; readonly warnings: readonly Sentence[] }

/** Suggests a mapping by the headers and values of a file. Every guess has a warning. */
export function suggestMapping(profiles: readonly ColumnProfile[]): Suggestion {
  const free = new Set(profiles.filter((profile) => !profile.isEmpty))
  const fields: Partial<Record<ImportField, ImportFieldRule>> = {}
  const warnings: Sentence[] = []
  const formats: { date?: string; time?: string } = {}
  const durations: { durationFormat?: DurationFormat; durationDecimal?: DecimalSign } = {}
  const untranslated = new Map<ImportField, { readonly profile: ColumnProfile; readonly values: readonly string[] }>()

  function take(field: ImportField, profile: ColumnProfile, rule: Partial<ImportFieldRule> = {}): void {
    free.delete(profile)
    fields[field] = { column: profile.name, separator: ' · ', ...rule }
  }

  function byHeader(field: ImportField, fits: (profile: ColumnProfile) => boolean): ColumnProfile | undefined {
    for (const pattern of HEADERS[field] ?? [])
      for (const profile of free) if (pattern.test(plain(profile.name)) && fits(profile)) return profile
    return undefined
  }

  type Candidate = { readonly profile: ColumnProfile; readonly guess: FormatGuess; readonly rank: number }

  /** Returns the columns that may hold a kind of time, those of the call's own time first. */
  function candidates(kind: TimeKind): readonly Candidate[] {
    const headers = TIME_HEADERS[kind]
    return [...free]
      .flatMap((profile): Candidate[] => {
        const guess = profile.format(kind)
        const header = plain(profile.name)
        const named = headers.findIndex((pattern) => pattern.test(header))
        // A time of day looks like a duration, and a number can be anything: only the header decides.
        const needsName = kind === 'time' || guess?.isNumeric === true
        if (guess === undefined || (needsName && named < 0) || (kind === 'time' && NOT_A_TIME.test(header))) return []
        const rank = OTHER_TIMES.test(header) ? headers.length + 1 : named < 0 ? headers.length : named
        return [{ profile, guess, rank }]
      })
      .toSorted((one, other) => one.rank - other.rank)
  }

  function takeTime(kind: TimeKind, { profile, guess }: Candidate): void {
    take(kind, profile)
    formats[kind === 'time' ? 'time' : 'date'] = guess.format
    const other = guess.ambiguousWith[0]
    if (other !== undefined) warnings.push(sentence('columns.two-formats', { column: profile.name, format: guess.format, other }))
    if (guess.hits < guess.values)
      warnings.push(
        sentence('columns.unusual-values', { column: profile.name, count: guess.values - guess.hits, format: guess.format }),
      )
  }

  /** Takes one column of date and time, or one column of dates and, if there is one, a column of times of day. */
  function takeWhen(): void {
    const dates = candidates('date')
    // A format of date and time may also read dates alone. The column has both only if that format reads more values than one of dates.
    const dateTimes = candidates('dateTime').filter(
      ({ profile, guess }) => guess.hits > (dates.find((date) => date.profile === profile)?.guess.hits ?? 0),
    )
    const [date] = dates.filter(({ profile }) => dateTimes.every((both) => both.profile !== profile))
    const [time] = candidates('time').filter(({ profile }) => profile !== date?.profile)
    const [both] = dateTimes
    const isPair = date !== undefined && time !== undefined && date.rank <= 1 && time.rank <= 1
    if (both !== undefined && !(isPair && both.rank > 0)) {
      takeTime('dateTime', both)
      return
    }
    if (date === undefined) {
      warnings.push(sentence('columns.no-dates'))
      return
    }
    takeTime('date', date)
    if (time === undefined) {
      const clocks = [...free]
        .filter((profile) => holdsClocks({ name: profile.name, format: profile.format('time') }))
        .map(({ name }) => `“${name}”`)
      warnings.push(
        clocks.length === 0
          ? sentence('columns.dates-only', { column: date.profile.name })
          : sentence('columns.maybe-times', {
              column: date.profile.name,
              clocks: clocks.reduce<TextValue>(
                (one, other) => (one === '' ? other : clause('columns.either', { one, other })),
                '',
              ),
            }),
      )
      return
    }
    takeTime('time', time)
  }

  function takeDuration(): void {
    const profile = byHeader('callDuration', (column) => column.durationGuess() !== undefined)
    const guess = profile?.durationGuess()
    if (profile === undefined || guess === undefined) return
    take('callDuration', profile)
    const { formats: fitting, decimal, isDecimalOpen } = guess
    const [format] = fitting
    if (fitting.length === 1 && format !== undefined) durations.durationFormat = format
    if (decimal !== undefined && !isDecimalOpen) durations.durationDecimal = decimal
  }

  /** Takes a column of which some values fit. Warns if under half of them fit, or if none fits. */
  function takeFitting(field: 'prospectEmail' | 'prospectPhone', kind: 'email' | 'phone'): void {
    const isTheirs = ({ name }: ColumnProfile) => !OWN_NUMBERS.test(plain(name))
    const profile =
      byHeader(field, (column) => isTheirs(column) && column.shares[kind] > 0.5) ??
      byHeader(field, (column) => isTheirs(column) && column.shares[kind] > 0)
    if (profile !== undefined) {
      take(field, profile)
      if (profile.shares[kind] <= 0.5) warnings.push(sentence(`columns.few-${kind}s`, { column: profile.name }))
      return
    }
    const named = byHeader(field, isTheirs)
    if (named !== undefined) warnings.push(sentence(`columns.no-${kind}s`, { column: named.name }))
  }

  /**
   * Many systems write status and outcome into one column (`No answer`, `Sold`, `Not interested`). Such a column fills both fields: a word
   * for an outcome means that the call was completed.
   */
  function takeDisposition(): void {
    const [missing, present] = fields.status === undefined ? (['status', 'outcome'] as const) : (['outcome', 'status'] as const)
    const rule = fields[present]
    const profile = profiles.find(({ name }) => name === rule?.column)
    if (fields[missing] !== undefined || rule?.values === undefined || profile?.distinct === null || profile === undefined) return
    const status: Record<string, string> = {}
    const outcome: Record<string, string | null> = {}
    const unknown: string[] = []
    for (const value of profile.distinct) {
      const [asStatus, asOutcome] = [meaningOf('status', value), meaningOf('outcome', value)]
      const first = present === 'status' ? (asStatus ?? (asOutcome === undefined ? undefined : 'completed')) : undefined
      const meant = first ?? (asOutcome === undefined ? asStatus : 'completed')
      if (meant === undefined) unknown.push(value)
      else {
        status[value] = meant
        outcome[value] = meant === 'completed' && asOutcome !== undefined ? asOutcome : null
      }
    }
    const hasBoth =
      present === 'status'
        ? Object.values(outcome).some((meaning) => meaning === 'won' || meaning === 'lost')
        : Object.values(status).some((meaning) => meaning !== 'completed')
    if (!hasBoth || isYesNo(profile.distinct)) return
    untranslated.delete(present)
    fields.status = { column: profile.name, separator: ' · ', values: status }
    fields.outcome = { column: profile.name, separator: ' · ', values: outcome }
    warnings.push(sentence('columns.both', { column: profile.name }))
    warnUntranslated(profile, unknown, 'both')
  }

  function warnUntranslated(
    profile: ColumnProfile,
    values: readonly string[],
    field: 'callType' | 'status' | 'outcome' | 'both',
  ): void {
    if (values.length > 0)
      warnings.push(
        sentence(`columns.unmapped.${field}`, {
          values: values.map((value) => `“${value}”`).join(', '),
          column: profile.name,
          count: values.length,
        }),
      )
  }

  function takeSet(field: 'callType' | 'status' | 'outcome'): void {
    const profile = byHeader(field, (column) => translate(field, column) !== undefined)
    const translation = profile && translate(field, profile)
    if (profile === undefined || translation === undefined) return
    take(field, profile, { values: translation.values })
    untranslated.set(field, { profile, values: translation.unknown })
  }

  /**
   * Systems without sales outcomes call the status of a call its outcome, result or disposition (`Connected`, `No answer`). Such a column
   * fills the status if no other column does, or if the other column has the same value in all rows.
   */
  function takeStatusUnderOutcome(): void {
    if (fields.outcome !== undefined) return
    const taken = profiles.find(({ name }) => name === fields.status?.column)
    if (taken !== undefined && taken.distinct?.length !== 1) return
    const profile = byHeader('outcome', (column) => {
      const { distinct } = column
      if (distinct === null || isYesNo(distinct) || (taken !== undefined && distinct.length === 1)) return false
      return translate('status', column) !== undefined
    })
    const translation = profile && translate('status', profile)
    if (profile === undefined || translation === undefined) return
    take('status', profile, { values: translation.values })
    untranslated.set('status', { profile, values: translation.unknown })
  }

  /** Takes a column of names before one of numbers. */
  function takeAgent(): void {
    const agent = byHeader('agent', ({ name }) => !IDENTIFIERS.test(plain(name))) ?? byHeader('agent', () => true)
    if (agent !== undefined) take('agent', agent)
    else warnings.push(sentence('columns.no-agent'))
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
      warnings.push(sentence('columns.no-names'))
    } else {
      fields.prospectName = { column: standIn, separator: ' · ' }
      warnings.push(sentence('columns.stand-in-name', { column: standIn }))
    }
  }

  for (const field of LABELED_FIELDS) {
    const profile = byHeader(field, () => true)
    if (profile !== undefined) take(field, profile)
  }
  const key = byHeader('externalId', ({ name, looksLikeKey }) => looksLikeKey && !NOT_A_CALL.test(plain(name)))
  if (key !== undefined) take('externalId', key)
  else warnings.push(sentence('columns.no-key', { doubt: clause('columns.no-key-column') }))
  takeDuration()
  takeWhen()
  takeSet('status')
  takeSet('outcome')
  takeStatusUnderOutcome()
  takeDisposition()
  if (fields.status === undefined) warnings.push(sentence('columns.no-status'))
  takeSet('callType')
  for (const field of ['status', 'outcome', 'callType'] as const) {
    const left = untranslated.get(field)
    if (left !== undefined) warnUntranslated(left.profile, left.values, field)
  }
  const reason = byHeader('lossReason', () => true)
  if (reason !== undefined) take('lossReason', reason)
  takeFitting('prospectEmail', 'email')
  takeFitting('prospectPhone', 'phone')
  takeAgent()
  takeName()
  const notes = byHeader('notes', () => true)
  if (notes !== undefined) take('notes', notes)
  if (fields.callType === undefined) {
    const inbound = profiles.some(({ name }) => INBOUND_SIGNS.test(plain(name)))
    fields.callType = { constant: inbound ? 'inbound' : 'outbound', separator: ' · ' }
    warnings.push(sentence(inbound ? 'columns.all-inbound' : 'columns.all-outbound'))
  }
  return {
    map: {
      source: sourceOf(fields),
      fields,
      ...(formats.date === undefined ? {} : { dateFormat: formats.date }),
      ...(formats.time === undefined ? {} : { timeFormat: formats.time }),
      ...durations,
      createAgents: true,
      createLossReasons: true,
    },
    warnings,
  }
}
