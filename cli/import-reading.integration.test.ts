import iconv from 'iconv-lite'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ImportPreview, ImportReport } from '../core/contract/imports.ts'
import { ADMIN, CliHome } from './testing/cli-home.ts'

let cli: CliHome
beforeEach(async () => {
  cli = new CliHome()
  await cli.acme()
})
afterEach(() => cli.dispose())

const put = (name: string, bytes: string | Uint8Array) => writeFileSync(join(cli.folder, name), bytes)
const inspect = (...args: readonly string[]) => cli.json<ImportPreview>(ADMIN, 'import', 'inspect', ...args)

test('encoding, delimiter and header line can be chosen, and the choice is part of the suggested map', async () => {
  put('calls.csv', iconv.encode('Report\r\nId;Agent;Name;Date\r\n1;Weiß;Jo;2026-11-02\r\n', 'cp850'))
  const preview = await inspect('calls.csv', '--encoding', 'cp850', '--delimiter', ';', '--header-line', '2')
  expect(preview).toMatchObject({
    encoding: 'cp850',
    delimiter: ';',
    headerLine: 2,
    rowCount: 1,
    lineAccount: { lines: 3, before: 1, header: 1, rows: 1 },
    suggestedMap: { encoding: 'cp850', delimiter: ';', headerLine: 2 },
  })
  expect(preview.columns[1]?.samples).toEqual(['Weiß'])
  put('map.json', JSON.stringify(preview.suggestedMap))
  const report = await cli.json<ImportReport>(ADMIN, 'import', 'calls.csv', '--map', 'map.json')
  expect(report).toMatchObject({ created: 1, refused: 0, createdUsers: ['Weiß'] })
})

test('an option decides whether a quoted value can span lines', async () => {
  put('calls.csv', 'Id,Agent,Date,Note\n1,Bea,2026-11-02,"called back\n2,Bea,2026-11-02,a desk of 6"\n')
  expect(await inspect('calls.csv')).toMatchObject({ rowCount: 2, asksMultiline: true })
  expect(await cli.json<ImportReport>(ADMIN, 'import', 'calls.csv', '--dry-run', '--multiline-cells', 'no')).toMatchObject({
    created: 2,
  })
  expect(await cli.json<ImportReport>(ADMIN, 'import', 'calls.csv', '--dry-run', '--multiline-cells', 'yes')).toMatchObject({
    created: 1,
    lineAccount: { continued: 1 },
  })
})

test.each([
  ['--delimiter', 'ab'],
  ['--header-line', 'two'],
  ['--multiline-cells', 'maybe'],
])('%s %s is refused before anything is read', async (option, value) => {
  put('calls.csv', 'a,b\n')
  expect(await cli.run(['--as', ADMIN, 'import', 'calls.csv', option, value])).toMatchObject({ code: 2 })
})

test.each([
  ['with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['in UTF-16 with a mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['in UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
  ['in UTF-16 with the high byte first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('a map %s is read', async (_name, encode) => {
  put('calls.csv', 'Nr,Wer,Tag\n1,Bea,2026-11-02\n')
  put('map.json', encode(JSON.stringify({ fields: { prospectName: { column: 'Wer' }, date: { column: 'Tag' } } })))
  expect(await cli.json<ImportReport>(ADMIN, 'import', 'calls.csv', '--map', 'map.json')).toMatchObject({ created: 1 })
})

test('with a given map, warnings about how the file was read are printed too', async () => {
  put('calls.csv', 'Nr,Wer,Tag,Note\n1,Bea,2026-11-02\n2,Bea,2026-11-03\n3,Bea,2026-11-04,x\n')
  put('map.json', JSON.stringify({ fields: { prospectName: { column: 'Wer' }, date: { column: 'Tag' } } }))
  const { stderr, stdout } = await cli.run(['--as', ADMIN, 'import', 'calls.csv', '--map', 'map.json', '--dry-run'])
  expect(stderr).toContain('2 rows have fewer values than the header')
  expect(stdout).toContain('4 (1 header, 3 rows)')
})
