import type { ImportField } from '../../core/contract/imports.ts'
import type { TimeKind } from '../../core/import/detect-format.ts'
import { visible } from '../../core/import/visible-text.ts'

/** Header patterns of each field in English and German, the clearest first. They match headers in the form of `plain`. */
export const HEADERS: Readonly<Partial<Record<ImportField, readonly RegExp[]>>> = {
  externalId: [
    /^(call|row|record|ticket|external|activity|anruf|vorgangs?) ?(id|nr|number|nummer)$/,
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
  prospectPhone: [/phone|telefon|mobile|^tel$|^number$|rufnummer|^handy$/, /^(to|called|callee|destination|dialed) number$/],
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
/** Headers of the call's own time, the clearest first, then those of other times of the same row. */
export const TIME_HEADERS: Readonly<Record<TimeKind, readonly RegExp[]>> = {
  dateTime: [
    /start|called at|^when$|zeitpunkt|beginn|^(call )?(date ?time|date|time|timestamp)$/,
    /date ?time|timestamp|complet|^from\b|epoch/,
    /\bdate\b|\btime\b|created|\bat$|^datum$/,
  ],
  date: [/^(call )?(date|day)$|^(anruf)?datum$|^tag$|^fecha$|^data$|日付/, /\bdate\b|\bday\b|datum$|^(start|begin)/],
  time: [/^(call )?time$|^(anruf)?(uhr)?zeit$|^hora$|^heure$|^ora$|時刻/, /\btime\b|\bclock\b|uhrzeit|^(start|begin)|\bhour\b/],
}
/** Headers of times of other things than the call. */
export const OTHER_TIMES = /updated|modified|created|import|export|birth|due|deadline|\bend(ed)?\b|^to\b|follow ?up|next/
/** Headers of things that can have several calls, so that their numbers do not identify calls. */
export const NOT_A_CALL =
  /\b(lead|contact|prospect|customer|client|account|company|person|user|agent|rep|owner|employee|staff|campaign|list|product|order|deal|opportunity)\b|kunde|kontakt|interessent|mitarbeiter|firma|auftrag/
/** Numbers of other things than the talk itself. */
export const NOT_A_DURATION = /speed|wait|queue|hold|ring|rating|score/
export const NOT_A_TIME = /duration|talk|handl|speed|wait|queue|hold|ring|wrap|response|resolution|average|avg/
export const INBOUND_SIGNS = /speed of answer|queue|abandon|wait|answered/

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
      'reached',
      'contacted',
      'erreicht',
      'abgeschlossen',
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
      '断り',
      '拒否',
    ],
    // A matter that was not settled is open. Counting it as lost would invent a refusal, and a loss without a reason.
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
      '検討中',
      '不明',
      ...NO,
    ],
  },
}

const YES_NO = new Set([...YES, ...NO])
export const isYesNo = (values: readonly string[]) => values.every((value) => YES_NO.has(plain(value)))
/** A header or a value in lower case, without accents, signs, brackets and their content. */
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

/** What a word means for a field; undefined where it is not known. */
export function meaningOf(field: ImportField, value: string): string | undefined {
  const word = plain(value)
  // The synonyms are folded too: `plain` removes the sign of a voiced Japanese syllable, because it is a mark.
  return Object.entries(SYNONYMS[field] ?? {}).find(([, words]) => words.some((known) => plain(known) === word))?.[0]
}
