import { expect, test } from 'vitest'
import { detectDelimiter, detectDialect, firstLines } from './csv-dialect.ts'

const dialect = (text: string, given: Parameters<typeof detectDialect>[1] = {}) => detectDialect(Buffer.from(text), given)

test.each([
  [',', 'a,b,c\nx;y,2,3\n'],
  [';', 'Name;Betrag;Notiz\nJo;1,5;a\nBea;2,5;b,c\n'],
  ['\t', 'a\tb\nx,y\tz\n'],
  ['|', 'a|b|c\nx, y|z|\n'],
  [',', 'only one column\nvalue\n'],
  [',', '"a;b;c",d\n"x;y",z\n'],
  [';', 'Name; Date, local; Agent\nJo;2026-11-02;Bea\nAl;2026-11-03;Ben\nCy;2026-11-04;Bea\n'],
  [';', 'Name;Preis;Menge\nJo;1,5;2,5\nAl;3,5;4,5\n'],
  [';', 'Jo;1,5;2,5\nAl;3,5;4,5\n'],
  [';', 'Id;Name;Notiz\n1;Jo, Smith;a, b, c\n2;Al, B;d, e, f\n3;Cy, D;g, h, i\n'],
  [',', 'Id,Name,Tags\n1,Jo,a;b;c\n2,Al,d;e;f\n3,Cy,g;h;i\n'],
  [';', 'Id;Name;Notiz;Ende\n1;Jo\n2;Al;x\n3;Cy;y;z\n4;Bo;ok, then\n'],
  [',', 'Id,Name,Note\n1,Jo,"open; never closed\n2,Al,x\n3,Cy,y\n'],
  [';', `Id;Name;Note\n${Array.from({ length: 9 }, (_, n) => `${n};Jo;"one, two\nthree, four, five\nsix"\n`).join('')}`],
])('the delimiter is %j for %j', (delimiter, text) => expect(detectDelimiter(Buffer.from(text))).toBe(delimiter))

const ROWS = '1;Bea;Jo Smith;2026-11-02;4\n2;Ben;Al Jones;2026-11-03;5\n3;Bea;Cy Brown;2026-11-04;6\n'
const HEADER = 'Id;Agent;Name;Date;Score\n'

test.each([
  ['a header on the first line', HEADER + ROWS, 1],
  ['a line that names the delimiter', `sep=;\n${HEADER}${ROWS}`, 2],
  ['a line that names the delimiter, with the empty cells of a spreadsheet', `"sep=;";;;;\n${HEADER}${ROWS}`, 2],
  ['titles', `Call report\nNovember 2026\n\n${HEADER}${ROWS}`, 4],
  ['titles with the empty cells of a spreadsheet', `Call report;;;;\n;;;;\n${HEADER}${ROWS}`, 3],
  ['facts of the report', `Period;November 2026\nClient;ACME\n${HEADER}${ROWS}`, 3],
  ['comments', `# made by an exporter; do not edit\n// version 2\n${HEADER}${ROWS}`, 3],
  ['a year among the names', `Id;Agent;Name;Date;2026\n${ROWS}`, 1],
  ['a name of 585 characters', `Id;Agent;Name;${'How satisfied were you? '.repeat(25).slice(0, 585)};Score\n${ROWS}`, 1],
  ['a column without a name', `Id;Agent;;Date;Score\n${ROWS}`, 1],
  ['fewer names than columns', `Id;Agent;Name;Date\n${ROWS}`, 1],
  ['a header that is repeated further down', `${HEADER}${ROWS}${HEADER}${ROWS}`, 1],
  ['only text', 'Name;Note\nJo;called\nAl;wrote\n', 1],
  ['no header', ROWS, 0],
  ['no header, and agents that occur several times', 'Bea;Jo;won\nBen;Al;lost\nBea;Cy;won\n', 0],
  ['no header below a line that names the delimiter', `sep=;\n${ROWS}`, 0],
  ['no header below a comment', `# made by an exporter\n${ROWS}`, 0],
])('the header is found in a file with %s', (_name, text, line) =>
  expect(dialect(text)).toMatchObject({ headerLine: line, delimiter: ';' }),
)

test('a given delimiter or header line is used and not detected', () => {
  expect(dialect(HEADER + ROWS, { delimiter: '-' })).toMatchObject({ delimiter: '-' })
  expect(dialect(HEADER + ROWS, { headerLine: 0 })).toMatchObject({ headerLine: 0, firstLine: 1, width: 5 })
  expect(dialect(`Title\n${HEADER}${ROWS}`, { headerLine: 2 })).toMatchObject({ headerLine: 2, firstLine: 3 })
  expect(dialect(HEADER + ROWS, { headerLine: 99 })).toBeUndefined()
})

test('a first line that names a delimiter which no other line contains is ignored and is not read as a row', () => {
  expect(dialect(`sep=,\n${HEADER}${ROWS}`)).toMatchObject({ delimiter: ';', headerLine: 2 })
})

test('a line break at the end of the text does not start another line', () => {
  expect(firstLines(Buffer.from('A,B\n1,2\n'), 6)).toEqual(['A,B', '1,2'])
  expect(firstLines(Buffer.from('A,B\r\n\r\n1,2'), 6)).toEqual(['A,B', '', '1,2'])
  expect(firstLines(Buffer.from('A\r1\r2\r'), 2)).toEqual(['A', '1'])
})
