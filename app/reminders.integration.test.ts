import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { ReminderEvent } from '../core/contract/reminders.ts'
import type { UserId } from '../core/id.ts'
import { NO_OPTIONAL_FIELDS } from '../core/model/call.ts'
import { TEST_PASSWORD, TestApplication } from './testing/test-application.ts'

const MINUTE = 60_000

let app: TestApplication
let admin: Api
let ben: { api: Api; id: UserId }
beforeEach(async () => {
  app = new TestApplication()
  admin = (await app.workspace('admin', 'Acme', 'ada@acme.test')).api
  ben = await app.member(admin, 'agent', 'ben@acme.test')
})
afterEach(() => app.dispose())

const plan = (minutes: number, prospectName: string, userId: UserId = ben.id) =>
  admin.calls.create({
    ...NO_OPTIONAL_FIELDS,
    userId,
    prospectName,
    callType: 'outbound',
    status: 'scheduled',
    scheduledAt: app.now() + minutes * MINUTE,
  })

/**
 * Resolves when the application has read the scheduled calls again. The thread answers requests in their order; a change during a reading
 * causes a second one.
 */
async function read(): Promise<void> {
  for (let n = 0; n < 2; n++) await ben.api.reminders.settings()
}

/** Reads the events of a window, without waiting for the ones to come. */
class Window {
  readonly #events: AsyncIterator<ReminderEvent>
  static async open(api: Api, canShow = true): Promise<Window> {
    const window = new Window((await api.reminders.subscribe({ canShow }))[Symbol.asyncIterator]())
    const ready = await window.next()
    if (ready.kind !== 'ready' || ready.shownBy !== 'window') throw new Error(`The first event was ${JSON.stringify(ready)}`)
    await read()
    return window
  }
  constructor(events: AsyncIterator<ReminderEvent>) {
    this.#events = events
  }
  async next(): Promise<ReminderEvent> {
    return (await this.#events.next()).value as ReminderEvent
  }
  async close(): Promise<void> {
    await this.#events.return?.()
  }
}

test('a window gets the reminders of its person, without names; a settled call is closed', async () => {
  const call = await plan(8, 'Secret Sam')
  await plan(8, 'Of the admin', (await admin.users.list()).find(({ role }) => role === 'admin')?.id)
  const window = await Window.open(ben.api)
  // A change of another call lets the application look at the clock at once, without waiting for its tick.
  await plan(500, 'Later')
  await read()
  app.pass(4 * MINUTE)
  await plan(501, 'Later')
  const tag = `call:${call.id}`
  expect(await window.next()).toMatchObject({ kind: 'show', tag, callId: call.id, title: { message: 'Call in 4 minutes' } })
  app.pass(4 * MINUTE)
  await plan(502, 'Later')
  const due = await window.next()
  expect(due).toMatchObject({ kind: 'show', tag, title: { message: 'Call now' } })
  expect(JSON.stringify(due)).not.toContain('Secret')
  await ben.api.calls.update({ id: call.id, patch: { status: 'no_show' } })
  expect(await window.next()).toEqual({ kind: 'close', tags: [tag] })
  await window.close()
})

test('a locked session is still reminded, and a notification that was shown before is closed', async () => {
  const call = await plan(8, 'Secret Sam')
  const window = await Window.open(ben.api)
  app.pass(4 * MINUTE)
  await plan(500, 'Later')
  expect(await window.next()).toMatchObject({ kind: 'show' })
  await ben.api.session.lock()
  expect(await window.next()).toEqual({ kind: 'close', tags: [`call:${call.id}`] })
  app.pass(4 * MINUTE)
  await plan(501, 'Later')
  expect(await window.next()).toMatchObject({ kind: 'show', title: { message: 'Call now' } })
  await window.close()
})

test('of two windows, one gets a reminder; one that may not show it gets none', async () => {
  const call = await plan(8, 'Sam')
  const first = await Window.open(ben.api)
  const other = app.connect('ben in another browser')
  await other.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
  const second = await Window.open(other)
  const blocked = await Window.open(other, false)
  app.pass(4 * MINUTE)
  await plan(500, 'Later')
  expect(await second.next()).toMatchObject({ kind: 'show', callId: call.id })
  await second.close()
  app.pass(4 * MINUTE)
  await plan(501, 'Later')
  expect(await first.next(), 'the first event of the first window').toMatchObject({
    kind: 'show',
    title: { message: 'Call now' },
  })
  await blocked.close()
  await first.close()
})

test('the settings are the person’s own, and other members of the stored value are kept', async () => {
  expect(await ben.api.reminders.settings()).toEqual({ isOn: true, leadMinutes: 5 })
  expect(await ben.api.reminders.change({ leadMinutes: 30 })).toEqual({ isOn: true, leadMinutes: 30 })
  expect(await ben.api.reminders.change({ isOn: false })).toEqual({ isOn: false, leadMinutes: 30 })
  expect(await ben.api.reminders.settings()).toEqual({ isOn: false, leadMinutes: 30 })
  expect(await admin.reminders.settings()).toEqual({ isOn: true, leadMinutes: 5 })
})

test('a changed lead time applies at once', async () => {
  const call = await plan(20, 'Sam')
  const window = await Window.open(ben.api)
  await ben.api.reminders.change({ leadMinutes: 15 })
  await read()
  app.pass(6 * MINUTE)
  await plan(500, 'Later')
  expect(await window.next()).toMatchObject({ kind: 'show', callId: call.id, title: { message: 'Call in 14 minutes' } })
  await window.close()
})
