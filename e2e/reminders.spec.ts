import type { Page } from '@playwright/test'
import { NO_OPTIONAL_FIELDS } from '../core/model/call.ts'
import { findings } from './support/axe.ts'
import { details, goTo } from './support/screens.ts'
import type { Person, Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const MINUTE = 60_000

const plan = ({ api }: Team, person: Person, prospectName: string, minutes: number) =>
  api.calls.create({
    ...NO_OPTIONAL_FIELDS,
    userId: person.id,
    prospectName,
    callType: 'outbound',
    status: 'scheduled',
    scheduledAt: Date.now() + minutes * MINUTE,
  })

type Recorded = { readonly title: string; readonly body: string; readonly isClosed: boolean }

/** Records the notifications of a page. They are still shown by the browser. */
async function record(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: { title: string; body: string; isClosed: boolean; click: () => void }[] = []
    class RecordedNotification extends Notification {
      readonly #entry
      constructor(title: string, options: NotificationOptions) {
        super(title, options)
        this.#entry = { title, body: options.body ?? '', isClosed: false, click: () => this.dispatchEvent(new Event('click')) }
        shown.push(this.#entry)
      }
      override close() {
        this.#entry.isClosed = true
        super.close()
      }
    }
    Object.assign(window, { shown, Notification: RecordedNotification })
  })
}

const shown = (page: Page): Promise<Recorded[]> =>
  page.evaluate(() =>
    (window as unknown as { shown: Recorded[] }).shown.map(({ title, body, isClosed }) => ({ title, body, isClosed })),
  )
const click = (page: Page) => page.evaluate(() => (window as unknown as { shown: { click: () => void }[] }).shown.at(-1)?.click())

const reminders = (page: Page) => page.getByRole('dialog', { name: 'Reminders' })
async function openReminders(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Reminders/ }).click()
  // The stream of reminders is open when the window has learned who shows them.
  await expect(reminders(page)).toContainText('It shows the time and no name.')
}

test('a notification appears at the time of a call, in one window, without a name; a click opens the call', async ({
  app,
  team,
  windowOf,
}) => {
  const call = await plan(team, team.agent, 'Secret Sam', 8)
  const page = await windowOf(team.agent, async (opened) => {
    await opened.context().grantPermissions(['notifications'], { origin: app.origin })
    await record(opened)
  })
  await goTo(page, 'Today')
  await openReminders(page)
  await page.keyboard.press('Escape')
  const second = await page.context().newPage()
  await record(second)
  await second.goto(`${app.origin}/#/today`)
  await openReminders(second)

  await app.advance(9)
  // The change lets the application look at the clock at once.
  await plan(team, team.agent, 'Later', 500)
  const all = async () => [...(await shown(page)), ...(await shown(second))]
  await expect
    .poll(all)
    .toMatchObject([{ title: 'Call now', body: expect.stringMatching(/^A call is scheduled for \d\d:\d\d\.$/) }])
  const holder = (await shown(page)).length > 0 ? page : second
  await holder.goto(`${app.origin}/#/calls`)
  await click(holder)
  await expect(details(holder).getByRole('heading', { name: 'Secret Sam' })).toBeVisible()
  await expect(holder.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible()

  await team.api.calls.update({ id: call.id, patch: { status: 'no_show' } })
  await expect.poll(async () => (await all()).every(({ isClosed }) => isClosed)).toBe(true)
  expect(await all()).toHaveLength(1)
})

/** Replaces the browser's question for the permission. */
async function answerWith(page: Page, before: NotificationPermission, answer: NotificationPermission): Promise<void> {
  await page.addInitScript(
    ([now, next]) => {
      let permission = now
      Object.defineProperty(Notification, 'permission', { get: () => permission })
      Notification.requestPermission = () => {
        permission = next
        return Promise.resolve(next)
      }
    },
    [before, answer] as const,
  )
}

test('the permission is asked for only after a click, and a refusal is explained', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent, (opened) => answerWith(opened, 'default', 'denied'))
  await goTo(page, 'Today')
  await expect(page.getByRole('button', { name: 'Reminders are off' })).toBeVisible()
  await openReminders(page)
  await expect(reminders(page)).not.toContainText('The browser blocks notifications')
  await reminders(page).getByRole('button', { name: 'Allow notifications' }).click()
  await expect(reminders(page)).toContainText('The browser blocks notifications')
  await expect(reminders(page)).toContainText('Missed calls stay on this page.')
  expect(await findings(page)).toEqual([])
})

test('the time of reminders is chosen by keyboard and kept for the person', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent, (opened) => answerWith(opened, 'default', 'granted'))
  await goTo(page, 'Today')
  await openReminders(page)
  await reminders(page).getByRole('button', { name: 'Allow notifications' }).click()
  await expect(page.getByRole('button', { name: 'Reminders', exact: true })).toBeVisible()
  await reminders(page).getByRole('radio', { name: '5 min', exact: true }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(reminders(page)).toContainText('10 minutes before a call')
  await page.reload()
  await openReminders(page)
  await expect(reminders(page).getByRole('radio', { name: '10 min' })).toBeChecked()
})
