import { expect, test } from 'vitest'
import type { CliIo } from './io.ts'
import { Output, printable, record, spellDuration, spellTime, table } from './output.ts'

function outputTo(json: boolean, isTTY = false) {
  const written = { stdout: '', stderr: '' }
  const io = {
    stdout: { isTTY, write: (text: string) => void (written.stdout += text) },
    stderr: { isTTY, write: (text: string) => void (written.stderr += text) },
  } as unknown as CliIo
  return { out: new Output(io, json), written }
}

test('control characters are replaced in tables and records', () => {
  const attack = 'Jo\u001b]0;pwned\u0007\u202eevil\u009b31m'
  expect(printable(attack)).toBe('Jo\ufffd]0;pwned\ufffd\ufffdevil\ufffd31m')
  const shown = 'Jo\ufffd]0;pwned\ufffd\ufffdevil\ufffd31m'
  expect(table(['Name'], [[attack]])).toBe(`Name\n${shown}`)
  expect(record([['Notes', attack]])).toBe(`Notes  ${shown}`)
})

test('a line break in a value does not break a table', () => {
  expect(
    table(
      ['A', 'B'],
      [
        ['x\ny', '1'],
        ['long value', '2'],
      ],
    ),
  ).toBe('A           B\nx y         1\nlong value  2')
})

test('columns are aligned for wide, combining and joined characters', () => {
  const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'
  expect(
    table(
      ['Name', 'X'],
      [
        ['田中', '1'],
        ['Zoe\u0308', '2'],
        [family, '3'],
        ['Anna', '4'],
      ],
    ),
  ).toBe(`Name  X\n田中  1\nZoe\u0308   2\n${family}    3\nAnna  4`)
})

test('a record leaves out fields without a value', () => {
  expect(
    record([
      ['Id', '1'],
      ['Phone', null],
      ['Notes', 'a\nb'],
    ]),
  ).toBe('Id     1\nNotes  a\n       b')
})

test.each([
  [0, '0:00'],
  [59, '0:59'],
  [180, '3:00'],
  [3_661, '1:01:01'],
  [null, ''],
])('%s seconds are written %s', (seconds, text) => expect(spellDuration(seconds)).toBe(text))

test('times are in the client’s time zone', () => {
  expect(spellTime(Date.UTC(2026, 6, 1, 10), 'Europe/Berlin')).toBe('2026-07-01 12:00')
  expect(spellTime(null, 'Europe/Berlin')).toBe('')
})

test('a date without a time of day is spelled without one, in every zone', () => {
  const alone = Date.parse('2026-11-28T10:00:00.001Z')
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Pacific/Niue']) expect(spellTime(alone, zone)).toBe('2026-11-28')
})

test('with --json standard output is only the document, and errors are JSON too', () => {
  const { out, written } = outputTo(true, true)
  out.note('a remark')
  out.progress('half')
  out.result({ a: 1 }, () => 'text')
  out.failure({ code: 'NOT_FOUND', message: 'none', data: null, exit: 5 })
  expect(written).toEqual({ stdout: '{"a":1}\n', stderr: '{"error":{"code":"NOT_FOUND","message":"none","data":null}}\n' })
})

test('progress is shown only on terminals and is removed at the end', () => {
  const piped = outputTo(false)
  piped.out.progress('half')
  piped.out.result(1, () => 'done')
  expect(piped.written).toEqual({ stdout: 'done\n', stderr: '' })
  const shown = outputTo(false, true)
  shown.out.progress('half')
  shown.out.result(1, () => 'done')
  expect(shown.written.stderr).toBe('\rhalf\r    \r')
})

test('the question about the do-not-call list names the option that answers it', () => {
  const { out, written } = outputTo(false)
  out.failure({ code: 'DO_NOT_CALL', message: 'On the list.', data: null, exit: 6 })
  expect(written.stderr).toBe('On the list.\nTo schedule it anyway, add --despite-do-not-call.\n')
})

test('an INVALID error lists every field, and CHOOSE_CLIENT lists every client', () => {
  const { out, written } = outputTo(false)
  out.failure({ code: 'INVALID', message: 'No.', data: { issues: [{ path: 'email', message: 'Not an address' }] }, exit: 6 })
  out.failure({ code: 'CHOOSE_CLIENT', message: 'Which?', data: { clients: [{ id: '1', name: 'Acme' }] }, exit: 3 })
  expect(written.stderr).toBe('No.\n  email: Not an address\nWhich?\n  --client 1   Acme\n')
})
