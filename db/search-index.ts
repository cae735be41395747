/**
 * The text index: the words of a call's name, e-mail, phone and notes.
 *
 * - `content='calls'`: FTS5 keeps no copy of the text. The triggers hand it what a row held, so the index is right as long as the
 *   triggers run, which they do for every statement.
 * - `detail=none, columnsize=0`: only which row holds which word. Column filters, phrases and ranking are not used, and leaving
 *   them out halves the cost of an insert.
 * - `secure-delete`: a removed row's words leave the file with it, not with some later merge of the index.
 */
const TEXT_COLUMNS = ['prospect_name', 'prospect_email', 'prospect_phone', 'notes'] as const

function values(row: 'NEW' | 'OLD'): string {
  return TEXT_COLUMNS.map((column) => `${row}."${column}"`).join(', ')
}

const columns = TEXT_COLUMNS.join(', ')
const add = `INSERT INTO calls_text (rowid, ${columns}) VALUES (NEW.rowid, ${values('NEW')});`
const remove = `INSERT INTO calls_text (calls_text, rowid, ${columns}) VALUES ('delete', OLD.rowid, ${values('OLD')});`
const changed = TEXT_COLUMNS.map((column) => `OLD."${column}" IS NOT NEW."${column}"`).join(' OR ')

export const searchIndexSql: readonly string[] = [
  `CREATE VIRTUAL TABLE calls_text USING fts5(${columns}, content='calls', content_rowid='rowid', tokenize='unicode61', prefix='2', detail='none', columnsize=0);`,
  `INSERT INTO calls_text (calls_text, rank) VALUES ('secure-delete', 1);`,
  `CREATE TRIGGER calls_text_insert AFTER INSERT ON calls BEGIN\n  ${add}\nEND;`,
  `CREATE TRIGGER calls_text_update AFTER UPDATE OF ${columns} ON calls WHEN ${changed} BEGIN\n  ${remove}\n  ${add}\nEND;`,
  `CREATE TRIGGER calls_text_delete AFTER DELETE ON calls BEGIN\n  ${remove}\nEND;`,
]
