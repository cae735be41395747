/**
 * Data derived from `calls`. Triggers keep it up to date in the statement that changes a call: the three text indexes and the totals. All can
 * be rebuilt from the calls; `queries/derived-soundness.ts` compares them.
 *
 * The text index holds the words of a call's name, e-mail, phone and notes, and its search terms (`core/model/call-derivation.ts`).
 * - `content='calls'`: FTS5 stores no copy of the text. The triggers pass it a row's former text.
 * - `prefix='1 2 3 4 5 6'`: an index of the beginnings of words. Without it FTS5 merges the rows of all words with this beginning before
 *   it returns the first row; with it, it stops when the reader stops. Longer beginnings are still merged, but few words are long and common.
 * - `detail=none, columnsize=0`: stores only which row has which word. Phrases, column filters and ranking are not used.
 * - FTS5's own secure-delete is off: it searches every segment for every word of a changed row, so an edit costs milliseconds and a
 *   thousand edits cost seconds. Deleted and edited text stays in the device's audit trail anyway. If a row must leave the disk
 *   completely, the index is merged (`scrubTextStep`), and a merge drops the words of deleted rows (S15).
 * - Before a statement that may have to be rolled back alone, FTS5 writes out its gathered changes, which costs a millisecond if there are
 *   segments. A writer of many rows sets `defers_text` and updates the index for all of them at once (`db/text-index.ts`).
 *
 * The totals count calls by UTC day and by the columns of reports and filters, so that a count, a report or a jump of the scroll bar reads
 * a row per day and kind instead of all calls. They use UTC days because a client's zone can change. The parts of UTC days at the ends of a
 * local period are counted from the calls.
 */
import { noShowTriggersSql } from './no-shows.ts'
import { reportTriggersSql } from './report-totals.ts'
import { prospectIndexesSql } from './same-prospect.ts'

export const TEXT_COLUMNS = ['prospect_name', 'prospect_email', 'prospect_phone', 'notes', 'search_terms'] as const
const NAME_COLUMNS = ['prospect_name', 'name_terms'] as const
/** The columns of all indexes. */
export const INDEXED_COLUMNS = [...TEXT_COLUMNS, 'name_terms'] as const

export type TextIndex = {
  readonly name: string
  /** The table of the index's words (`fts5vocab`). It has no content of its own. */
  readonly words?: string
  readonly columns: readonly (typeof INDEXED_COLUMNS)[number][]
  readonly tokenizer: string
  readonly options: string
}

/** An index whose words can be listed. */
export type WordIndex = TextIndex & { readonly words: string }

/** The index of the beginnings of words. */
export const WORDS: WordIndex = {
  name: 'calls_text',
  words: 'local_text_words',
  columns: TEXT_COLUMNS,
  tokenizer: 'unicode61 remove_diacritics 2',
  options: "prefix='1 2 3 4 5 6', detail='none', columnsize=0",
}
/**
 * The index of the names alone: it ranks a call whose name has the words of a search before other calls, and it lists the words that names have,
 * among which search looks for a word with a typing error. Each of its words of a call is also in the index of the beginnings of words.
 */
export const NAMES: WordIndex = { ...WORDS, name: 'calls_names', words: 'local_name_words', columns: NAME_COLUMNS }
/**
 * The index of sequences of three characters, for a search in the middle of words. Positions would make it four times as large, so a match
 * only means that a call has all sequences of a word; the query compares the texts.
 */
export const PARTS: TextIndex = {
  name: 'calls_parts',
  columns: TEXT_COLUMNS,
  tokenizer: 'trigram remove_diacritics 1',
  options: "detail='none', columnsize=0",
}
export const TEXT_INDEXES: readonly TextIndex[] = [WORDS, NAMES, PARTS]

export const DAY_MS = 86_400_000
type Row = 'NEW' | 'OLD' | 'calls'

const texts = (row: Row, columns: readonly string[]) => columns.map((column) => `${row}."${column}"`).join(', ')
const forEachIndex = (statement: (index: TextIndex) => string) => TEXT_INDEXES.map(statement).join('\n  ')
const addText = forEachIndex(
  ({ name, columns }) => `INSERT INTO ${name} (rowid, ${columns.join(', ')}) VALUES (NEW.rowid, ${texts('NEW', columns)});`,
)
const removeText = forEachIndex(
  ({ name, columns }) =>
    `INSERT INTO ${name} (${name}, rowid, ${columns.join(', ')}) VALUES ('delete', OLD.rowid, ${texts('OLD', columns)});`,
)

const KEEPS_TEXT = `(SELECT defers_text FROM local_write_context) IS NOT 1`
const differ = (...names: string[]) => names.map((name) => `OLD."${name}" IS NOT NEW."${name}"`).join(' OR ')

export const TOTAL_KEY = ['client_id', 'day', 'call_type', 'status', 'outcome', 'loss_reason_id']
/** The expressions that derive `TOTAL_KEY` from a call. */
const totalKey = (row: Row) => [
  `${row}.client_id`,
  `${row}.event_at / ${DAY_MS}`,
  `${row}.call_type`,
  `${row}.status`,
  `coalesce(${row}.outcome, '')`,
  `coalesce(${row}.loss_reason_id, '')`,
]
const timedCalls = (row: Row) => `(${row}.call_duration IS NOT NULL)`
const timedSeconds = (row: Row) => `coalesce(${row}.call_duration, 0)`
const addTotal = `INSERT INTO local_call_totals (${TOTAL_KEY.join(', ')}, calls, timed_calls, timed_seconds)
    VALUES (${totalKey('NEW').join(', ')}, 1, ${timedCalls('NEW')}, ${timedSeconds('NEW')})
    ON CONFLICT DO UPDATE SET calls = calls + 1, timed_calls = timed_calls + excluded.timed_calls, timed_seconds = timed_seconds + excluded.timed_seconds;`
const ofOld = TOTAL_KEY.map((column, position) => `${column} = ${totalKey('OLD')[position]}`).join(' AND ')
const removeTotal = `UPDATE local_call_totals SET calls = calls - 1, timed_calls = timed_calls - ${timedCalls('OLD')}, timed_seconds = timed_seconds - ${timedSeconds('OLD')}
    WHERE ${ofOld};
  DELETE FROM local_call_totals WHERE ${ofOld} AND calls = 0;`
const COUNTED = [
  'call_type',
  'status',
  'outcome',
  'loss_reason_id',
  'call_duration',
  'scheduled_at',
  'completed_at',
  'created_at',
]

/** Selects the correct totals from all calls. */
export const countedTotals = `SELECT ${totalKey('calls').join(', ')}, count(*), sum(${timedCalls('calls')}), sum(${timedSeconds('calls')})
  FROM calls GROUP BY 1, 2, 3, 4, 5, 6`

/** Rebuilds all derived data. */
export const rebuildDerivedSql: readonly string[] = [
  ...TEXT_INDEXES.map(({ name }) => `INSERT INTO ${name} (${name}) VALUES ('rebuild');`),
  `DELETE FROM local_call_totals;`,
  `INSERT INTO local_call_totals (${TOTAL_KEY.join(', ')}, calls, timed_calls, timed_seconds) ${countedTotals};`,
]

/**
 * A change of the default country makes the derived columns of all calls due, also if the setting returns to its old value before they
 * were derived again.
 */
const countryChanges = (
  [
    ['insert', 'INSERT', `NEW.key = 'default_country'`],
    ['update', 'UPDATE', `NEW.key = 'default_country' AND OLD.value IS NOT NEW.value`],
    ['delete', 'DELETE', `OLD.key = 'default_country'`],
  ] as const
).map(
  ([name, event, condition]) =>
    `CREATE TRIGGER client_settings_country_${name} AFTER ${event} ON client_settings WHEN ${condition} BEGIN\n  UPDATE local_call_derivation SET countries = '';\nEND;`,
)

export const derivedSql: readonly string[] = [
  ...TEXT_INDEXES.map(
    ({ name, columns, tokenizer, options }) =>
      `CREATE VIRTUAL TABLE ${name} USING fts5(${columns.join(', ')}, content='calls', content_rowid='rowid', tokenize='${tokenizer}', ${options});`,
  ),
  ...TEXT_INDEXES.flatMap(({ name, words }) =>
    words === undefined ? [] : [`CREATE VIRTUAL TABLE ${words} USING fts5vocab(${name}, row);`],
  ),
  `CREATE TRIGGER calls_text_insert AFTER INSERT ON calls WHEN ${KEEPS_TEXT} BEGIN\n  ${addText}\nEND;`,
  `CREATE TRIGGER calls_text_update AFTER UPDATE OF ${INDEXED_COLUMNS.join(', ')} ON calls WHEN ${KEEPS_TEXT} AND (${differ(...INDEXED_COLUMNS)}) BEGIN\n  ${removeText}\n  ${addText}\nEND;`,
  `CREATE TRIGGER calls_text_delete AFTER DELETE ON calls WHEN ${KEEPS_TEXT} BEGIN\n  ${removeText}\nEND;`,
  `CREATE TRIGGER calls_totals_insert AFTER INSERT ON calls BEGIN\n  ${addTotal}\nEND;`,
  `CREATE TRIGGER calls_totals_update AFTER UPDATE OF ${COUNTED.join(', ')} ON calls WHEN ${differ(...COUNTED)} BEGIN\n  ${removeTotal}\n  ${addTotal}\nEND;`,
  `CREATE TRIGGER calls_totals_delete AFTER DELETE ON calls BEGIN\n  ${removeTotal}\nEND;`,
  ...countryChanges,
  ...reportTriggersSql,
  ...noShowTriggersSql,
  ...prospectIndexesSql,
]
