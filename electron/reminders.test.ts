import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Notice } from '../core/agenda/reminder-text.ts'
import { sentence } from '../core/messages/sentence.ts'
import type { ReminderSink } from '../app/reminders/reminders.ts'

vi.mock('electron', () => import('./testing/electron-stand-in.ts'))
const { ShellLanguage } = await import('./language.ts')
const { showReminders } = await import('./reminders.ts')
const { Notification, powerMonitor } = await import('./testing/electron-stand-in.ts')

const ID = '0198c0de-0000-7000-8000-000000000001'
const notice = (tag = 'call:1'): Notice => ({
  tag,
  callId: ID,
  calls: [ID],
  plain: { title: sentence('reminder.now'), body: sentence('reminder.a-call', { time: '10:30' }) },
  named: { title: sentence('reminder.now'), body: sentence('reminder.call-with', { name: 'Jo Smith', time: '10:30' }) },
})

let sink: ReminderSink
let folder: string
let language: InstanceType<typeof ShellLanguage>
const reveal = vi.fn<() => void>()
const open = vi.fn<(connection: string, callId: string | null) => void>()
beforeEach(() => {
  Notification.all.splice(0)
  powerMonitor.removeAllListeners()
  powerMonitor.idleState = 'active'
  reveal.mockClear()
  folder = mkdtempSync(join(tmpdir(), 'reminders-'))
  language = new ShellLanguage(join(folder, 'language'), 'en-GB')
  open.mockClear()
  showReminders({ reminders: { add: (added) => ((sink = added), () => {}), open } }, reveal, (each) => language.textOf(each))
})
afterEach(() => rmSync(folder, { recursive: true }))
const last = () => Notification.all.at(-1)

test('a reminder is a notification of the system with the name', () => {
  expect(sink).toMatchObject({ connection: 'desktop', canShow: true })
  sink.show(notice(), true)
  expect(last()).toMatchObject({ isShown: true, options: { title: 'Call now', body: 'Jo Smith, scheduled for 10:30' } })
})

test('a reminder is in the language of the window', () => {
  language.use('de')
  sink.show(notice(), true)
  expect(last()?.options).toEqual({ title: 'Jetzt anrufen', body: 'Jo Smith, geplant für 10:30' })
})

test('a click shows the window with the call', () => {
  sink.show(notice(), true)
  last()?.emit('click')
  expect(reveal).toHaveBeenCalledOnce()
  expect(open.mock.calls).toEqual([['desktop', ID]])
  expect(last()?.isShown).toBe(false)
})

test('a later notification of the same call replaces the first, and a settled one is closed', () => {
  sink.show(notice(), true)
  sink.show(notice(), true)
  sink.show(notice('call:2'), true)
  expect(Notification.all.map(({ isShown }) => isShown)).toEqual([false, true, true])
  sink.close(['call:1', 'call:9'])
  expect(Notification.all.map(({ isShown }) => isShown)).toEqual([false, false, true])
})

test.each<readonly [string, () => void, boolean]>([
  ['the session is locked', () => {}, false],
  ['the screen is locked', () => powerMonitor.emit('lock-screen'), true],
  ['the system reports a locked screen without an event', () => (powerMonitor.idleState = 'locked'), true],
])('no prospect is named while %s', (_, lock, mayName) => {
  lock()
  sink.show(notice(), mayName)
  expect(JSON.stringify(last()?.options)).not.toContain('Jo Smith')
})

test('names that are shown when the screen is locked are closed; after it is unlocked names are shown again', () => {
  sink.show(notice(), true)
  powerMonitor.emit('lock-screen')
  expect(last()?.isShown).toBe(false)
  powerMonitor.emit('unlock-screen')
  sink.show(notice(), true)
  expect(last()?.options.body).toContain('Jo Smith')
})
