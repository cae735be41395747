import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callCenterCsv } from '../app/testing/call-center-file.ts'
import type { Call } from '../core/model/call.ts'
import type { DoNotCallEntry } from '../core/model/do-not-call-entry.ts'
import { ADMIN, CliHome, PASSWORD } from './testing/cli-home.ts'

let cli: CliHome
beforeEach(async () => {
  cli = new CliHome()
  await cli.acme()
})
afterEach(() => cli.dispose())

const BEN = 'ben@acme.test'
const LEA = 'lea@acme.test'
const VERA = 'vera@acme.test'
async function team(): Promise<void> {
  await cli.member('agent', BEN, 'Ben')
  await cli.member('team_lead', LEA, 'Lea')
  await cli.member('viewer', VERA, 'Vera')
}
const as = (who: string, ...args: readonly string[]) => cli.run(['--as', who, ...args])
const addCall = (who: string, ...args: readonly string[]) => cli.json<Call>(who, 'call', 'add', '--prospect', 'Jo Smith', ...args)

test('a call can be logged, listed, shown, edited, deleted and restored; its history has every step', async () => {
  const added = await addCall(
    ADMIN,
    '--phone',
    '+49 30 1',
    '--type',
    'outbound',
    '--status',
    'completed',
    '--outcome',
    'won',
    '--duration',
    '3:00',
    '--completed-at',
    '2026-11-02T10:00:00Z',
  )
  expect(added).toMatchObject({
    prospectPhone: '+49 30 1',
    outcome: 'won',
    callDuration: 180,
    completedAt: Date.UTC(2026, 10, 2, 10),
  })
  expect(await cli.json(ADMIN, 'call', 'show', added.id)).toEqual(added)
  const lost = await cli.json<Call>(
    ADMIN,
    'call',
    'edit',
    added.id,
    '--outcome',
    'lost',
    '--reason',
    'price too high',
    '--notes',
    'too dear',
  )
  expect(lost).toMatchObject({ outcome: 'lost', lossReasonId: expect.any(String), notes: 'too dear' })
  expect(
    await cli.json(ADMIN, 'call', 'list', '--reason', 'Price too high', '--from', '2026-11-02', '--to', '2026-11-03'),
  ).toMatchObject({ rows: [{ id: added.id }], next: null })
  expect(await cli.json(ADMIN, 'call', 'list', '--text', 'nobody')).toEqual({ rows: [], next: null })
  expect(await cli.json(ADMIN, 'call', 'delete', added.id)).toEqual({ id: added.id })
  expect(await as(ADMIN, 'call', 'show', added.id)).toMatchObject({ code: 5, stdout: '' })
  expect(await cli.json(ADMIN, 'call', 'restore', added.id)).toMatchObject({ id: added.id, outcome: 'lost', notes: 'too dear' })
  const history = await cli.json<{ action: string }[]>(ADMIN, 'call', 'history', added.id)
  expect(history.map(({ action }) => action)).toEqual(['INSERT', 'DELETE', 'UPDATE', 'INSERT'])
  const { rows } = await cli.json<{ rows: object[] }>(ADMIN, 'audit', 'list', '--record', added.id)
  expect(rows).toEqual(history)
})

test('contradicting options, unknown references and invalid times are refused, and nothing is saved', async () => {
  const refuse = async (code: number, ...args: readonly string[]) =>
    expect(await as(ADMIN, 'call', 'add', '--prospect', 'Jo', ...args)).toMatchObject({ code, stdout: '' })
  await refuse(6, '--status', 'no_show', '--outcome', 'won')
  await refuse(6, '--outcome', 'won', '--reason', 'No need')
  await refuse(5, '--reason', 'Never heard of')
  await refuse(5, '--user', 'nobody@acme.test')
  await refuse(2, '--completed-at', 'yesterday')
  await refuse(2, '--duration', '-5')
  await refuse(2, '--outcome', 'maybe')
  expect(await as(ADMIN, 'call', 'add')).toMatchObject({ code: 2 })
  expect(await cli.json(ADMIN, 'call', 'list')).toEqual({ rows: [], next: null })
})

test('--after continues after a page, and --all lists every page', async () => {
  cli.write('calls.csv', callCenterCsv(1_203))
  await cli.json(ADMIN, 'import', 'calls.csv')
  const first = await cli.json<{ rows: Call[]; next: string }>(ADMIN, 'call', 'list', '--limit', '700', '--ascending')
  expect(first.rows).toHaveLength(700)
  const second = await cli.json<{ rows: Call[]; next: null }>(
    ADMIN,
    'call',
    'list',
    '--limit',
    '700',
    '--ascending',
    '--after',
    first.next,
  )
  expect(second).toMatchObject({ next: null, rows: { length: 503 } })
  const all = await cli.json<{ rows: Call[] }>(ADMIN, 'call', 'list', '--all', '--ascending')
  expect(all.rows.map(({ id }) => id)).toEqual([...first.rows, ...second.rows].map(({ id }) => id))
  const text = await as(ADMIN, 'call', 'list', '--limit', '10')
  expect(text.stdout.trimEnd().split('\n')).toHaveLength(11)
  expect(text.stderr).toBe('10 of 1203 calls\n')
})

test('a call can continue another one; the chain lists both, from each of them', async () => {
  await team()
  const first = await addCall(BEN)
  const second = await addCall(BEN, '--follows', first.id)
  expect(second.followsCallId).toBe(first.id)
  for (const { id } of [first, second])
    expect((await cli.json<Call[]>(BEN, 'call', 'chain', id)).map((call) => call.id)).toEqual([first.id, second.id])
  expect((await as(BEN, 'call', 'show', second.id)).stdout).toMatch(new RegExp(`Continues call +${first.id}`))
  expect((await as(BEN, 'call', 'chain', first.id)).stdout.trimEnd().split('\n')).toHaveLength(3)
  const own = await addCall(ADMIN)
  expect(await as(BEN, 'call', 'chain', own.id)).toMatchObject({ code: 5 })
  expect(await as(BEN, 'call', 'add', '--prospect', 'X', '--follows', own.id)).toMatchObject({ code: 6 })
})

test('a contact is added to the do-not-call list, found, asked about and lifted; the list shows no contacts', async () => {
  await team()
  const phone = '+49 30 5551234'
  const [entry] = await cli.json<DoNotCallEntry[]>(BEN, 'do-not-call', 'add', '--phone', phone, '--reason', 'Asked in writing')
  expect(entry).toMatchObject({ reason: 'Asked in writing', liftedAt: null })
  expect(await cli.json(LEA, 'do-not-call', 'check', '--phone', '+49305551234')).toEqual({ entry, isReadable: true })
  const plan = ['call', 'add', '--prospect', 'Jo', '--phone', phone, '--type', 'outbound', '--scheduled-at', '2099-01-01T10:00']
  expect(await as(BEN, ...plan)).toMatchObject({ code: 6, stderr: expect.stringContaining('Asked in writing') })
  expect((await cli.json<Call>(BEN, ...plan, '--despite-do-not-call')).status).toBe('scheduled')
  expect(await as(BEN, 'do-not-call', 'list')).toMatchObject({ code: 4 })
  expect(await as(BEN, 'do-not-call', 'lift', entry?.id ?? '')).toMatchObject({ code: 4 })
  const { stdout } = await as(LEA, 'do-not-call', 'list')
  expect(stdout).toMatch(/Ben +Asked in writing +in force/)
  expect(stdout).not.toContain('5551234')
  expect(await cli.json(LEA, 'do-not-call', 'lift', entry?.id ?? '')).toMatchObject({
    id: entry?.id,
    liftedBy: expect.any(String),
  })
  expect((await as(BEN, 'do-not-call', 'check', '--phone', phone)).stdout).toBe('Not on the list.\n')
  expect((await as(VERA, 'do-not-call', 'list')).stdout).toContain('by Lea')
  expect(await as(BEN, 'do-not-call', 'add')).toMatchObject({ code: 2 })
  expect(await as(BEN, 'do-not-call', 'add', '--phone', phone, '--reason', `Never call ${phone}`)).toMatchObject({ code: 6 })
})

test('an agent has access only to their own calls: in list, show, edit, delete, restore, history, audit and report', async () => {
  await team()
  const own = await addCall(BEN)
  const other = await addCall(ADMIN, '--outcome', 'won')
  const gone = await addCall(ADMIN)
  await cli.json(ADMIN, 'call', 'delete', gone.id)
  expect(await cli.json<{ rows: Call[] }>(BEN, 'call', 'list', '--all')).toMatchObject({ rows: [{ id: own.id }] })
  expect(await cli.json(BEN, 'call', 'list', '--user', 'Ada')).toEqual({ rows: [], next: null })
  for (const args of [
    ['show', other.id],
    ['show', other.id, '--history'],
    ['edit', other.id, '--notes', 'mine now'],
    ['delete', other.id],
    ['history', other.id],
    ['history', gone.id],
    ['restore', gone.id],
  ])
    expect(await as(BEN, 'call', ...args)).toMatchObject({ code: 5, stdout: '' })
  expect(await as(BEN, 'call', 'add', '--prospect', 'X', '--user', 'Ada')).toMatchObject({ code: 4 })
  expect(await as(BEN, 'call', 'edit', own.id, '--user', 'Ada')).toMatchObject({ code: 4 })
  for (const record of [other.id, gone.id])
    expect(await cli.json(BEN, 'audit', 'list', '--record', record)).toMatchObject({ rows: [] })
  const trail = await cli.json<{ rows: { recordId: string }[] }>(BEN, 'audit', 'list', '--table', 'calls')
  expect(new Set(trail.rows.map(({ recordId }) => recordId))).toEqual(new Set([own.id]))
  // A report ends now, and the calls were completed at this instant.
  cli.now += 1
  const report = await cli.json<{ reach: string; counts: object; team: object }>(
    BEN,
    'report',
    '--from',
    '2026-01-01',
    '--to',
    '2027-01-01',
  )
  // Two people are too few for a team average.
  expect(report).toMatchObject({
    reach: 'own',
    counts: { completed: 1, won: 0 },
    team: { counts: { completed: 0 }, shownDays: 0 },
  })
  expect(await as(BEN, 'report', '--period', 'all', '--user', 'Ada')).toMatchObject({ code: 4 })
  expect(await cli.json<Call>(ADMIN, 'call', 'show', other.id)).toMatchObject({ notes: null, outcome: 'won' })
})

test('a command that the role does not permit ends with 4 and changes nothing', async () => {
  await team()
  cli.write('calls.csv', callCenterCsv(2))
  const call = await addCall(ADMIN)
  const refused: Readonly<Record<string, readonly (readonly string[])[]>> = {
    [BEN]: [
      ['user', 'list'],
      ['user', 'edit', 'Ben', '--role', 'admin'],
      ['user', 'deactivate', 'Lea'],
      ['reason', 'add', 'New'],
      ['reason', 'rename', 'No need', 'Other'],
      ['reason', 'deactivate', 'No need'],
      ['settings', 'set', 'week_start', '7'],
      ['workspace', 'rename', 'Mine'],
      ['import', 'inspect', 'calls.csv'],
      ['import', 'calls.csv'],
    ],
    [LEA]: [
      ['user', 'edit', 'Ben', '--role', 'admin'],
      ['user', 'deactivate', 'Ben'],
      ['settings', 'set', 'week_start', '7'],
      ['workspace', 'rename', 'Mine'],
      ['call', 'delete', call.id],
    ],
    [VERA]: [
      ['user', 'list'],
      ['user', 'deactivate', 'Ben'],
      ['reason', 'add', 'New'],
      ['settings', 'set', 'week_start', '7'],
      ['call', 'add', '--prospect', 'X'],
      ['call', 'edit', call.id, '--notes', 'x'],
      ['call', 'delete', call.id],
      ['import', 'calls.csv'],
    ],
  }
  const state = async () => [
    await cli.json(ADMIN, 'call', 'list', '--all'),
    (await cli.json<{ role: string; isActive: boolean; name: string }[]>(ADMIN, 'user', 'list')).map(
      ({ role, isActive, name }) => [name, role, isActive],
    ),
    await cli.json(ADMIN, 'reason', 'list'),
    await cli.json(ADMIN, 'settings', 'get'),
  ]
  const before = await state()
  const env = { PROPAGANDA_PASSWORD: PASSWORD, PROPAGANDA_NEW_PASSWORD: 'another horse' }
  for (const [who, commands] of Object.entries(refused)) {
    for (const args of commands) {
      const { code, stdout, stderr } = await cli.run(['--as', who, '--json', ...args], env)
      expect({ args, code, stdout }).toEqual({ args, code: 4, stdout: '' })
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'FORBIDDEN', data: { permission: expect.any(String) } } })
    }
    for (const args of [
      ['user', 'add', '--email', 'x@acme.test', '--name', 'X', '--role', 'admin'],
      ['user', 'set-password', 'Ada'],
    ])
      expect(await cli.run(['--as', who, ...args], env)).toMatchObject({ code: 4, stdout: '' })
  }
  expect(await state()).toEqual(before)
})

test('an admin adds, edits, deactivates and activates people and sets passwords, by e-mail, name or id', async () => {
  const id = await cli.member('agent', BEN, 'Ben')
  expect(await cli.json(ADMIN, 'user', 'edit', 'ben', '--name', 'Benjamin', '--role', 'team_lead')).toMatchObject({
    id,
    name: 'Benjamin',
    role: 'team_lead',
  })
  expect(await cli.json(ADMIN, 'user', 'deactivate', BEN)).toMatchObject({ isActive: false })
  expect(await as(BEN, 'call', 'list')).toMatchObject({ code: 3, stdout: '' })
  expect(await cli.json(ADMIN, 'user', 'activate', id)).toMatchObject({ isActive: true })
  const next = { PROPAGANDA_PASSWORD: PASSWORD, PROPAGANDA_NEW_PASSWORD: 'battery staple' }
  expect(await cli.run(['--as', ADMIN, 'user', 'set-password', BEN], next)).toMatchObject({ code: 0 })
  expect(await as(BEN, 'call', 'list')).toMatchObject({ code: 3 })
  expect(await cli.run(['--as', BEN, 'call', 'list'], { PROPAGANDA_PASSWORD: 'battery staple' })).toMatchObject({ code: 0 })
  const own = { PROPAGANDA_PASSWORD: 'battery staple', PROPAGANDA_NEW_PASSWORD: 'third time lucky' }
  expect(await cli.run(['--as', BEN, 'user', 'change-password'], own)).toMatchObject({ code: 0 })
  expect(await cli.run(['--as', BEN, 'call', 'list'], { PROPAGANDA_PASSWORD: 'third time lucky' })).toMatchObject({ code: 0 })
  expect(await as(ADMIN, 'user', 'deactivate', 'Ada')).toMatchObject({ code: 6 })
  expect(await as(ADMIN, 'user', 'edit', 'Nobody', '--name', 'x')).toMatchObject({ code: 5 })
  expect(await as(ADMIN, 'user', 'edit', 'ben')).toMatchObject({ code: 2 })
  expect(
    await cli.run(['--as', ADMIN, 'user', 'add', '--email', BEN.toUpperCase(), '--name', 'B', '--role', 'agent'], next),
  ).toMatchObject({ code: 6 })
  expect(
    await cli.run(['--as', ADMIN, 'user', 'add', '--email', 'c@acme.test', '--name', 'C', '--role', 'agent'], {
      ...next,
      PROPAGANDA_NEW_PASSWORD: 'short',
    }),
  ).toMatchObject({ code: 6 })
})

test('a lead sets targets, everyone lists those they may see, and the report shows them', async () => {
  await team()
  await addCall(BEN, '--status', 'completed', '--outcome', 'won', '--completed-at', '2026-10-06T10:00:00Z')
  const october = ['--month', '2026-10'] as const
  expect(await cli.json(LEA, 'targets', 'set', 'won', '4', ...october)).toEqual({
    month: '2026-10',
    userId: null,
    metric: 'won',
    value: 4,
  })
  expect(await cli.json(LEA, 'targets', 'set', 'close-rate', '35,5%', ...october, '--user', 'Ben')).toMatchObject({
    value: 0.355,
  })
  expect(await cli.json(LEA, 'targets', 'set', 'won', '9', ...october, '--user', 'Lea')).toMatchObject({ value: 9 })
  const listed = async (who: string) =>
    (await cli.json<{ metric: string }[]>(who, 'targets', 'list', '--from', '2026-10')).map(({ metric }) => metric).toSorted()
  expect(await listed(BEN)).toEqual(['close_rate', 'won'])
  expect(await listed(VERA)).toEqual(['close_rate', 'won', 'won'])
  expect((await as(LEA, 'targets', 'list', '--from', '2026-10')).stdout).toContain('35.5%')
  const period = ['--from', '2026-10-01', '--to', '2026-11-01'] as const
  expect(await cli.json(LEA, 'report', ...period)).toMatchObject({
    targets: [{ metric: 'won', actual: 1, target: 4, pace: 0.25 }],
  })
  expect((await as(LEA, 'report', ...period)).stdout).toContain('75% below target')
  expect(await cli.json(LEA, 'targets', 'set', 'won', 'none', ...october)).toMatchObject({ value: null })
  expect(await as(BEN, 'targets', 'set', 'won', '1')).toMatchObject({ code: 4 })
  for (const wrong of [
    ['won', '-1'],
    ['won', '1.5'],
    ['close_rate', '101'],
    ['luck', '1'],
    ['won', '1', '--month', '2026-13'],
  ])
    expect(await as(LEA, 'targets', 'set', ...wrong), wrong.join(' ')).toMatchObject({ code: 2 })
})

test('an admin manages loss reasons and settings', async () => {
  await cli.json(ADMIN, 'reason', 'add', 'Moved away', '--description', 'left the region')
  expect(await cli.json(ADMIN, 'reason', 'rename', 'moved away', 'Moved')).toMatchObject({
    name: 'Moved',
    description: 'left the region',
  })
  expect(await cli.json(ADMIN, 'reason', 'deactivate', 'Moved')).toMatchObject({ isActive: false })
  expect(await as(ADMIN, 'call', 'add', '--prospect', 'X', '--outcome', 'lost', '--reason', 'Moved')).toMatchObject({ code: 6 })
  expect(await cli.json(ADMIN, 'reason', 'activate', 'Moved')).toMatchObject({ isActive: true })
  expect(await as(ADMIN, 'reason', 'add', 'MOVED')).toMatchObject({ code: 6 })
  expect(await cli.json(ADMIN, 'settings', 'set', 'week-start', '7')).toMatchObject({ week_start: 7 })
  expect(await cli.json(ADMIN, 'settings', 'set', 'default_country', 'DE')).toMatchObject({ default_country: 'DE' })
  expect(await cli.json(ADMIN, 'settings', 'set', 'default_country', 'none')).toMatchObject({ default_country: null })
  const hours = { from: '09:00', to: '18:00', days: [1, 2, 3] }
  expect(await cli.json(ADMIN, 'settings', 'set', 'calling_hours', JSON.stringify(hours))).toMatchObject({ calling_hours: hours })
  expect(await as(ADMIN, 'settings', 'set', 'calling_hours', '9-18')).toMatchObject({ code: 6 })
  expect(await cli.json(ADMIN, 'settings', 'get', 'time_zone')).toEqual({ time_zone: 'Europe/Berlin' })
  expect(await as(ADMIN, 'settings', 'set', 'time_zone', 'Mars/Olympus')).toMatchObject({ code: 6 })
  expect(await as(ADMIN, 'settings', 'set', 'colour', 'red')).toMatchObject({ code: 2 })
})

test('days are in the client’s time zone, also when daylight saving time starts', async () => {
  for (const time of ['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'])
    await addCall(ADMIN, '--completed-at', time)
  const range = ['--from', '2026-03-29', '--to', '2026-03-30']
  expect(await cli.json(ADMIN, 'report', ...range)).toMatchObject({ timeZone: 'Europe/Berlin', counts: { completed: 2 } })
  expect(await cli.json(ADMIN, 'call', 'list', ...range)).toMatchObject({ rows: { length: 2 } })
  expect(await as(ADMIN, 'report')).toMatchObject({ code: 2 })
  expect(await as(ADMIN, 'report', '--from', '2026-03-30', '--to', '2026-03-29')).toMatchObject({ code: 2 })
  const { stdout } = await as(ADMIN, 'report', ...range)
  expect(stdout).toContain('Show rate')
  expect(stdout).toContain('2 / 2')
})

test('an import can be inspected, tried and repeated; refused rows are written to a file', async () => {
  const path = cli.write('calls.csv', `${callCenterCsv(30)}ID9999,Zed,32-Jan-21,Jan,9:00,Streaming,Y,Y,1,0:01:00,3\n`)
  const preview = await cli.json<{ rowCount: number; suggestedMap: object }>(ADMIN, 'import', 'inspect', path)
  expect(preview.rowCount).toBe(31)
  const map = cli.write('map.json', JSON.stringify(preview.suggestedMap))
  expect(await cli.json(ADMIN, 'import', path, '--map', map, '--dry-run')).toMatchObject({
    dryRun: true,
    created: 30,
    refused: 1,
  })
  expect(await cli.json(ADMIN, 'call', 'list')).toMatchObject({ rows: [] })
  const { code, stdout } = await cli.run(['--as', ADMIN, '--json', 'import', path, '--map', map, '--refused', 'refused.csv'])
  expect(code).toBe(8)
  expect(JSON.parse(stdout)).toMatchObject({ created: 30, refused: 1, suggested: false, issues: [{ line: 32, column: 'Date' }] })
  expect(readFileSync(join(cli.folder, 'refused.csv'), 'utf8')).toMatch(/^\uFEFF.*\r\n.*“32-Jan-21” is not a date.*,ID9999,/)
  const again = await as(ADMIN, 'import', path)
  expect(again).toMatchObject({ code: 8, stderr: expect.stringContaining('the suggested map is used') })
  expect(await cli.json(ADMIN, 'import', path)).toMatchObject({ created: 0, updated: 0, unchanged: 30, suggested: true })
  const users = await cli.json<{ email: string; hasPassword: boolean }[]>(ADMIN, 'user', 'list')
  expect(users.find(({ email }) => email === 'diane@imported.invalid')).toMatchObject({ hasPassword: false })
})

test('an import asks for an unknown unit of durations, and lists columns with examples', async () => {
  const text = 'Id,Name,Date,Phone,Duration,Region\n1,Jo,2026-01-05,4.9E+11,17,North\n2,Al,2026-01-06,030555123,45,South\n'
  const path = cli.write('asked.csv', text)
  const asked = await as(ADMIN, 'import', path)
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--duration-format s|min') })
  expect(asked.stderr).toContain('Nothing was imported')
  const done = await as(ADMIN, 'import', path, '--duration-format', 'min')
  expect(done.code).toBe(0)
  expect(done.stdout).toMatch(/Duration +callDuration +minutes +2 used/)
  expect(done.stdout).toMatch(/Region +not used +2 left out/)
  expect(done.stdout).toContain('line 2: 4.9E+11')
  const { rows } = await cli.json<{ rows: Call[] }>(ADMIN, 'call', 'list')
  expect(rows.map(({ callDuration, prospectPhone }) => [callDuration, prospectPhone])).toEqual([
    [2_700, '030555123'],
    [1_020, null],
  ])
})

test('an import changes existing calls only with --overwrite and can be undone; a mapping can be saved', async () => {
  const file = (note: string) =>
    `Call Id,Agent,Date,Name,Notes\nk1,Ben,2026-10-02 10:00,Jo,${note}\nz9,Ben,2026-10-02 11:00,Al,${note}\n`
  const notes = async () => (await cli.json<{ rows: { notes: string }[] }>(ADMIN, 'call', 'list')).rows.map((call) => call.notes)
  const path = cli.write('calls.csv', file('first'))
  await cli.json(ADMIN, 'import', path, '--save-map', 'Weekly')
  cli.write('calls.csv', file('second'))
  const dry = await as(ADMIN, 'import', path, '--dry-run')
  expect(dry.stdout).toMatch(/first +second/)
  expect(dry.stdout).toContain('--overwrite')
  expect(await cli.json(ADMIN, 'import', path)).toMatchObject({ updated: 0, refused: 2 })
  expect(await notes()).toEqual(['first', 'first'])
  const changed = await cli.json(ADMIN, 'import', path, '--saved-map', 'weekly', '--overwrite')
  expect(changed).toMatchObject({ updated: 2, refused: 0, suggested: false })
  expect(await notes()).toEqual(['second', 'second'])
  expect((await as(ADMIN, 'import', 'list')).stdout).toContain('calls.csv')
  expect(await cli.json(ADMIN, 'import', 'undo', '--dry-run')).toMatchObject({ restored: 2, kept: 0, dryRun: true })
  expect(await cli.json(ADMIN, 'import', 'undo')).toMatchObject({ importId: changed['importId'], restored: 2, kept: 0 })
  expect(await notes()).toEqual(['first', 'first'])
  expect(await cli.json(ADMIN, 'import', 'undo', 'last')).toMatchObject({ removed: 2 })
  expect(await notes()).toEqual([])
  expect(await as(ADMIN, 'import', 'undo')).toMatchObject({ code: 2, stderr: expect.stringContaining('no import') })
  expect((await as(ADMIN, 'import', 'maps')).stdout).toContain('Weekly')
  await cli.json(ADMIN, 'import', 'delete-map', 'WEEKLY')
  expect(await as(ADMIN, 'import', path, '--saved-map', 'Weekly')).toMatchObject({ code: 5 })
})

test('import --refused does not overwrite the source, and removes the rows of the previous run', async () => {
  const text = 'Call Id,Agent,Date,Name\nk1,Ben,2026-10-02,Jo\n'
  const path = cli.write('calls.csv', text)
  expect(await as(ADMIN, 'import', path, '--refused', './x/../calls.csv')).toMatchObject({ code: 2 })
  expect(readFileSync(path, 'utf8')).toBe(text)
  const refused = cli.write('refused.csv', 'yesterday')
  await cli.json(ADMIN, 'import', path, '--refused', refused)
  expect(existsSync(refused)).toBe(false)
})

test('a lead can import for known agents; rows of unknown agents are refused with what to do', async () => {
  await cli.member('team_lead', LEA, 'Lea')
  await cli.member('agent', BEN, 'Diane')
  cli.write('calls.csv', callCenterCsv(200))
  const { code, stdout } = await as(LEA, 'import', 'calls.csv')
  expect(code).toBe(8)
  expect(stdout).toMatch(/Only an admin may add one/)
})

test('missing, too large and unreadable files and invalid maps are refused', async () => {
  cli.write('workbook.xlsx', 'PK\u0003\u0004 and so on')
  cli.write('empty.csv', '')
  cli.write('ok.csv', callCenterCsv(2))
  cli.write('bad.json', '{')
  cli.write('odd.json', '{"fields": {"colour": {"column": "x"}}}')
  cli.write('other.json', '{"fields": {"prospectName": {"column": "Nope"}, "date": {"column": "Date"}}}')
  truncateSync(cli.write('huge.csv', ''), 300 * 1024 * 1024)
  expect(await as(ADMIN, 'import', 'nothing.csv')).toMatchObject({ code: 5 })
  expect(await as(ADMIN, 'import', '.')).toMatchObject({ code: 5 })
  expect(await as(ADMIN, 'import', 'huge.csv')).toMatchObject({ code: 6, stderr: expect.stringContaining('256 MB') })
  expect(await as(ADMIN, 'import', 'workbook.xlsx')).toMatchObject({ code: 6, stderr: expect.stringContaining('CSV UTF-8') })
  expect(await as(ADMIN, 'import', 'empty.csv')).toMatchObject({ code: 6 })
  expect(await as(ADMIN, 'import', 'ok.csv', '--map', 'none.json')).toMatchObject({ code: 5 })
  expect(await as(ADMIN, 'import', 'ok.csv', '--map', 'bad.json')).toMatchObject({ code: 2 })
  expect(await as(ADMIN, 'import', 'ok.csv', '--map', 'odd.json')).toMatchObject({ code: 6 })
  expect(await as(ADMIN, 'import', 'ok.csv', '--map', 'other.json')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('no column “Nope”'),
  })
})

test('signing in needs a person, a password and, with several clients, a choice', async () => {
  expect(await cli.run(['call', 'list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--as') })
  expect(await as('nobody@acme.test', 'call', 'list')).toMatchObject({ code: 3 })
  expect(await cli.run(['--as', ADMIN, 'call', 'list'], {}, `${PASSWORD}\n`)).toMatchObject({ code: 0 })
  expect(await cli.run(['--as', ADMIN, 'call', 'list'], {})).toMatchObject({ code: 2 })
  const second = [
    'workspace',
    'create',
    '--client',
    'Globex',
    '--time-zone',
    'UTC',
    '--admin-email',
    ADMIN,
    '--admin-name',
    'Ada',
  ]
  const created = JSON.parse((await cli.run(['--json', ...second])).stdout) as { client: { id: string; name: string } }
  const choice = await cli.run(['--as', ADMIN, '--json', 'call', 'list'])
  expect(choice).toMatchObject({ code: 3, stdout: '' })
  expect(JSON.parse(choice.stderr)).toMatchObject({
    error: {
      code: 'CHOOSE_CLIENT',
      data: {
        clients: expect.arrayContaining([expect.objectContaining({ name: 'Acme' }), expect.objectContaining({ name: 'Globex' })]),
      },
    },
  })
  for (const client of ['globex', created.client.id])
    expect(await cli.json(ADMIN, '--client', client, 'settings', 'get', 'time_zone')).toEqual({ time_zone: 'UTC' })
  expect(await as(ADMIN, '--client', 'Initech', 'call', 'list')).toMatchObject({ code: 3 })
})

test('no command shows data of another client on the device', async () => {
  const globex = [
    'workspace',
    'create',
    '--client',
    'Globex',
    '--time-zone',
    'UTC',
    '--admin-email',
    'gus@globex.test',
    '--admin-name',
    'Gus',
  ]
  expect(await cli.run(globex)).toMatchObject({ code: 0 })
  const call = await addCall(ADMIN, '--notes', 'acmesecret')
  expect(await cli.json('gus@globex.test', 'call', 'list')).toEqual({ rows: [], next: null })
  for (const args of [
    ['call', 'show', call.id],
    ['call', 'delete', call.id],
    ['call', 'history', call.id],
  ])
    expect(await as('gus@globex.test', ...args)).toMatchObject({ code: 5, stdout: '' })
  const trail = await as('gus@globex.test', 'audit', 'list')
  expect(trail.stdout).not.toMatch(/acme/i)
  for (const args of [['status'], ['doctor'], ['status', '--json'], ['doctor', '--json']]) {
    const { code, stdout, stderr } = await cli.run(args)
    expect(code).toBe(0)
    expect(stdout + stderr).not.toMatch(/acme|globex|jo smith|@/i)
  }
})

test('status and doctor need no sign-in; doctor’s exit code reports damage and wrong permissions', async () => {
  await addCall(ADMIN)
  const status = JSON.parse((await cli.run(['status', '--json'])).stdout) as { workspaces: { path: string }[] }
  expect(status).toMatchObject({
    home: cli.home,
    version: '1.2.3',
    node: process.version,
    workspaces: [{ schemaVersion: expect.any(Number), problem: null }],
  })
  expect(await cli.json(ADMIN, 'status')).toMatchObject({ workspace: { calls: 1, users: 1 }, sync: { state: 'local' } })
  const path = status.workspaces[0]?.path ?? ''
  await cli.stop()
  const bytes = readFileSync(path)
  if (process.platform !== 'win32') {
    chmodSync(path, 0o644)
    expect(await cli.run(['doctor'])).toMatchObject({ code: 7, stdout: expect.stringContaining('chmod go-rwx') })
    const repaired = await cli.run(['doctor', '--fix'])
    expect(repaired).toMatchObject({ code: 0, stdout: expect.stringContaining('done: Restricted ') })
    expect(repaired.stdout).toContain('No problems found.')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  }
  expect(await cli.run(['doctor', '--fix'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to repair.') })
  expect(await cli.run(['doctor', '--json'])).toMatchObject({ code: 0, stdout: expect.stringContaining('"ok":true') })
  bytes.fill(0xff, 8_192, 16_384)
  writeFileSync(path, bytes)
  expect(await cli.run(['doctor'])).toMatchObject({ code: 7, stdout: expect.stringContaining('BAD') })
  writeFileSync(path, 'not a database at all')
  expect(await cli.run(['doctor'])).toMatchObject({ code: 7 })
  expect(await cli.run(['status'])).toMatchObject({ code: 0, stdout: expect.stringContaining('damaged') })
})

test('on an empty device status and doctor create nothing, and other commands tell the person what to do', async () => {
  const home = join(cli.folder, 'elsewhere')
  for (const command of ['status', 'doctor']) expect(await cli.run(['--home', home, command])).toMatchObject({ code: 0 })
  expect(await cli.run(['--home', home, '--as', ADMIN, 'call', 'list'])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('workspace create'),
  })
  expect(existsSync(home)).toBe(false)
})

test('Ctrl+C during an import ends it with a report; importing again continues', async () => {
  cli.write('calls.csv', callCenterCsv(3_000))
  cli.interrupt = true
  const { code, stdout } = await cli.run(['--as', ADMIN, '--json', 'import', 'calls.csv'])
  const report = JSON.parse(stdout) as { cancelled: boolean; created: number }
  expect(code).toBe(130)
  expect(report.cancelled).toBe(true)
  cli.interrupt = false
  expect(await cli.json(ADMIN, 'import', 'calls.csv')).toMatchObject({
    created: 3_000 - report.created,
    unchanged: report.created,
  })
})

test('help and version are printed; unknown commands and options are refused', async () => {
  expect(await cli.run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes') })
  expect(await cli.run(['call', 'add', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--completed-at') })
  expect(await cli.run(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' })
  expect(await cli.run([])).toMatchObject({ code: 2 })
  expect(await cli.run(['dance'])).toMatchObject({ code: 2, stdout: '' })
  expect(await cli.run(['call', 'list', '--colour'])).toMatchObject({ code: 2 })
  const { stderr } = await cli.run(['call', 'list', '--json', '--colour'])
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'USAGE', message: expect.stringContaining('--colour') } })
  expect(await cli.run(['--as', ADMIN, '--password=hunter2', 'call', 'list'])).toMatchObject({
    code: 2,
    stderr: expect.not.stringContaining('hunter2'),
  })
})
