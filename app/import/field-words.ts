import type { ImportField } from '../../core/contract/imports.ts'
import type { TimeKind } from '../../core/import/detect-format.ts'
import { CALL_FIELDS, CALL_TEXT_FIELDS } from '../../core/model/call-fields.ts'
import { FOREIGN_HEADERS, FOREIGN_NO, FOREIGN_TIME_HEADERS, FOREIGN_VALUES, FOREIGN_YES } from './foreign-words.ts'
import { visible } from '../../core/import/visible-text.ts'

const listed = (words: string) => words.split(', ')

/** Returns a pattern that matches whole headers. Words in the form of `plain` need no escaping. */
function anyOf(words: string): RegExp {
  return new RegExp(`^(${listed(words).map(plain).join('|')})$`)
}

function withForeign<K extends string>(
  patterns: Readonly<Partial<Record<K, readonly RegExp[]>>>,
  foreign: Readonly<Partial<Record<K, string>>>,
  place: (known: readonly RegExp[], added: RegExp) => readonly RegExp[],
): Readonly<Record<K, readonly RegExp[]>> {
  const fields = Object.keys(patterns) as K[]
  const found = fields.map((field) => {
    const [known, words] = [patterns[field] ?? [], foreign[field]]
    return [field, words === undefined ? known : place(known, anyOf(words))] as const
  })
  return Object.fromEntries(found) as Record<K, readonly RegExp[]>
}

/** Patterns for the headers of each field in English and German, the clearest first. They match headers in the form of `plain`. */
const OWN_HEADERS: Readonly<Partial<Record<ImportField, readonly RegExp[]>>> = {
  externalId: [
    /^(call|row|record|ticket|external|activity|unique|anruf|vorgangs?) ?(id|uuid|guid|sid|key|ref|reference|no|nr|number|nummer)$/,
    /^(id|uuid|guid|sid|key|reference)$/,
    / id$/,
  ],
  agent: [
    /^(agent|rep|representative|closer|setter|operator|mitarbeiter(in)?|bearbeiter(in)?)( name| email)?$/,
    /\b(agent|representative|sales ?person|user|owner|assigned to|employee|staff)\b/,
  ],
  prospectName: [
    /^(prospect|lead|contact|customer|client|kunde|kundin|interessent)( full)? ?name$/,
    /^(full )?name$|^kundenname$/,
    /^(to|callee|called|recipient) name$/,
    /^(prospect|lead|contact|customer|caller|kunde|interessent|kontakt)$/,
  ],
  prospectEmail: [/e ?mail|^mail$/],
  prospectPhone: [
    /^(remote|external|customer|client|contact|prospect|lead|callee|called|kunden?)\b.*(phone|number|telefon|nummer)/,
    /phone|telefon|mobile|^tel$|^number$|rufnummer|^handy$/,
    /^(to|called|callee|destination|dialed) number$/,
  ],
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
  // Talk time comes first: other durations of the same file include the ringing.
  callDuration: [
    /talk ?time|^talk(ing)?$|^bill ?sec|gesprachsdauer/,
    /duration|^dauer|call length/,
    /^(length|seconds|minutes)$/,
  ],
}
/** Texts without patterns of their own. Their columns have the field's label as their header. */
export const LABELED_FIELDS = CALL_TEXT_FIELDS.filter((field) => OWN_HEADERS[field] === undefined)
export const HEADERS: Readonly<Partial<Record<ImportField, readonly RegExp[]>>> = withForeign(
  {
    ...OWN_HEADERS,
    ...Object.fromEntries(LABELED_FIELDS.map((field) => [field, [new RegExp(`^${plain(CALL_FIELDS[field].label)}$`)]])),
  },
  FOREIGN_HEADERS,
  (known, added) => [...known, added],
)
/** Headers of the call's own time, the clearest first, then headers of other times in the row. */
const OWN_TIME_HEADERS: Readonly<Record<TimeKind, readonly RegExp[]>> = {
  dateTime: [
    /start|called at|^when$|zeitpunkt|beginn|^(call )?(date ?time|date|time|timestamp)$/,
    /date ?time|timestamp|complet|^from\b|epoch/,
    /\bdate\b|\btime\b|created|\bat$|^datum$/,
  ],
  date: [/^(call )?(date|day)$|^(anruf)?datum$|^tag$|^fecha$|^data$|日付/, /\bdate\b|\bday\b|datum$|^(start|begin)/],
  time: [/^(call )?time$|^(anruf)?(uhr)?zeit$|^hora$|^heure$|^ora$|時刻/, /\btime\b|\bclock\b|uhrzeit|^(start|begin)|\bhour\b/],
}
/** Headers in other languages rank with the clearest ones. */
export const TIME_HEADERS = withForeign(OWN_TIME_HEADERS, FOREIGN_TIME_HEADERS, ([first, ...others], added) => [
  new RegExp([first?.source, added.source].join('|')),
  ...others,
])
/** Headers of times that are not the time of the call. */
export const OTHER_TIMES = /updated|modified|created|import|export|birth|due|deadline|\bend(ed)?\b|^to\b|follow ?up|next/
/** Numbers and addresses of the call centre itself. */
export const OWN_NUMBERS = /\b(local|own|internal|agent|user|owner|operator|company|office|line|sid)\b/
/** Headers of keys. The names that belong to the keys may be in another column. */
export const IDENTIFIERS = / (id|ids|nr|number|nummer)$/
/** Headers of things that can have several calls. Their numbers do not identify calls. */
export const NOT_A_CALL =
  /\b(lead|contact|prospect|customer|client|account|company|person|user|agent|rep|owner|employee|staff|campaign|list|product|order|deal|opportunity)\b|kunde|kontakt|interessent|mitarbeiter|firma|auftrag/
/** Headers of numbers and times that are not the duration of the talk. */
const NOT_A_DURATION = /speed|wait|queue|hold|ring|rating|score/
export const NOT_A_TIME = /duration|talk|handl|speed|wait|queue|hold|ring|wrap|response|resolution|average|avg/
export const INBOUND_SIGNS = /speed of answer|queue|abandon|wait|answered/

const YES = ['y', 'yes', 'true', '1', 'ja', 'j', 'x', ...listed(FOREIGN_YES)]
const NO = ['n', 'no', 'false', '0', 'nein', ...listed(FOREIGN_NO)]
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
      'reached',
      'contacted',
      'call connected',
      'call answered',
      'accepted',
      'talked',
      'spoke',
      'conversation',
      'erreicht',
      'abgeschlossen',
      'beantwortet',
      'angenommen',
      'durchgefuhrt',
      'erledigt',
      'erschienen',
      '完了',
      '応答',
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
      'busy',
      'line busy',
      'failed',
      'voicemail',
      'left voicemail',
      'left message',
      'left live message',
      'voice mail',
      'answering machine',
      'mailbox',
      'no contact',
      'not reached',
      'not available',
      'unavailable',
      'unreachable',
      'did not answer',
      'ring no answer',
      'no pickup',
      'not picked up',
      'wrong number',
      'disconnected',
      'congestion',
      'timeout',
      'nicht erreicht',
      'nicht erreichbar',
      'nicht erschienen',
      'nicht angenommen',
      'nicht beantwortet',
      'unbeantwortet',
      'verpasst',
      'keine antwort',
      'besetzt',
      'anrufbeantworter',
      'no contesta',
      'sin respuesta',
      'ocupado',
      'pas de reponse',
      'occupe',
      'messagerie',
      '不在',
      '留守',
      '留守電',
      '話中',
      ...NO,
    ],
    scheduled: ['scheduled', 'booked', 'planned', 'pending', 'open', 'geplant', 'offen'],
    rescheduled: [
      'rescheduled',
      'postponed',
      'callback',
      'call back',
      'callback requested',
      'call back later',
      'call later',
      'verschoben',
      'ruckruf',
      'ruckruf gewunscht',
      'ruckruf vereinbart',
      'wiedervorlage',
      'コールバック希望',
    ],
    cancelled: ['cancelled', 'canceled', 'abgesagt', 'storniert'],
  },
  outcome: {
    won: [
      'won',
      'win',
      'sold',
      'sale',
      'success',
      'successful',
      'closed won',
      'converted',
      'resolved',
      'gewonnen',
      'verkauft',
      'abschluss',
      '成約',
      '購入',
      ...YES,
    ],
    lost: [
      'lost',
      'loss',
      'declined',
      'not interested',
      'rejected',
      'closed lost',
      'no interest',
      'refused',
      'verloren',
      'abgelehnt',
      'kein interesse',
      'nicht interessiert',
      '断り',
      '拒否',
    ],
    // An unresolved call is undecided. Counting it as lost would invent a refusal and a loss without a reason.
    undecided: [
      'undecided',
      'open',
      'pending',
      'maybe',
      'follow up',
      'thinking',
      'unresolved',
      'unentschieden',
      'offen',
      'interested',
      'considering',
      'unknown',
      'unbekannt',
      'interessiert',
      '検討中',
      '不明',
      ...NO,
    ],
  },
}

const YES_NO = new Set([...YES, ...NO].map(plain))
export const isYesNo = (values: readonly string[]) => values.every((value) => YES_NO.has(plain(value)))
/** Returns a header or a value in lower case, without accents, signs, and parentheses with their content. */
export function plain(header: string): string {
  return visible(header)
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\([^)]*\)/g, ' ')
    .replaceAll(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

/** Whether a column with this header can hold the durations of calls. */
export function mayBeDuration(header: string): boolean {
  const words = plain(header)
  return HEADERS.callDuration?.some((pattern) => pattern.test(words)) === true && !NOT_A_DURATION.test(words)
}

/** Meanings of words by field. English and German words take precedence over those of other languages. */
const meanings = new Map<ImportField, ReadonlyMap<string, string>>()

function meaningsOf(field: ImportField): ReadonlyMap<string, string> {
  const known = meanings.get(field)
  if (known !== undefined) return known
  const found = new Map<string, string>()
  const foreign: Partial<Record<ImportField, Readonly<Record<string, string>>>> = FOREIGN_VALUES
  const own = Object.entries(SYNONYMS[field] ?? {})
  const others = Object.entries(foreign[field] ?? {}).map(([meaning, words]) => [meaning, listed(words)] as const)
  for (const [meaning, words] of [...own, ...others])
    for (const word of words) {
      // Words need the same folding as values: in Japanese, `plain` removes the mark of a voiced syllable.
      const folded = plain(word)
      if (!found.has(folded)) found.set(folded, meaning)
    }
  meanings.set(field, found)
  return found
}

/** Returns what a word means for a field; undefined if it is not known. */
export function meaningOf(field: ImportField, value: string): string | undefined {
  return meaningsOf(field).get(plain(value))
}
