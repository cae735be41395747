import { ServerProcess } from '../app/sync/testing/server-process.ts'
import { localDay, startOfLocalDay } from '../core/time/time-range.ts'
import { filterBy, goTo } from './support/screens.ts'
import { expect, SyncedDevice, test } from './support/synced.ts'
import { someCall, type Person } from './support/team.ts'

const ZONE = 'Europe/Berlin'
const DAY_MS = 86_400_000

/** Noon of a day before today. */
function noonBefore(days: number): number {
  const today = startOfLocalDay(localDay(Date.now(), ZONE), ZONE)
  return startOfLocalDay(localDay(today - days * DAY_MS + DAY_MS / 2, ZONE), ZONE) + DAY_MS / 2
}
const dayBefore = (days: number) => localDay(noonBefore(days), ZONE)

test('an agent on a joined device sees their own figures next to the team’s average, without names and calls of others', async ({
  browser,
  quiet,
}) => {
  test.setTimeout(300_000)
  const server = new ServerProcess()
  await server.start()
  const [office, device] = await Promise.all([SyncedDevice.start(server), SyncedDevice.start(server)])
  const acme = await office.publish('Acme', 'acme.test')
  const log = (person: Person, days: number, over: Parameters<typeof someCall>[1] = {}) =>
    office.api.calls.create(
      someCall(person, {
        completedAt: noonBefore(days),
        prospectName: person === acme.agent ? 'Mine Meyer' : 'Theirs Thoma',
        ...over,
      }),
    )
  // Yesterday: three people with 4 calls; the day before: two people; before that: three people with 3 calls.
  await log(acme.agent, 1)
  await log(acme.agent, 1, { outcome: 'lost' })
  await log(acme.colleague, 1)
  await log(acme.lead, 1, { outcome: 'lost' })
  for (const person of [acme.agent, acme.colleague]) await log(person, 2)
  for (const person of [acme.agent, acme.colleague, acme.lead]) await log(person, 3)
  await office.api.sync.now()
  await device.join(acme.agent)

  const visitor = await device.app.visit()
  await visitor.api.session.signIn({ email: acme.agent.email, password: 'correct horse' })
  visitor.close()
  const context = await browser.newContext()
  quiet(context)
  await visitor.hand(context)
  const page = await context.newPage()
  const open = (from: number, to: number) => page.goto(`${device.app.origin}/#/?period=${dayBefore(from)}..${dayBefore(to)}`)
  const card = (name: string) => page.getByRole('region', { name, exact: true })
  const note = page.getByRole('region', { name: 'Team average' })

  await open(3, 1)
  await expect(card('Calls')).toContainText('Per day worked: you 1.5, team average 1.2')
  await expect(card('Calls').getByRole('button', { name: /^Calls \d/ })).toHaveText('4')
  await expect(card('Close rate')).toContainText('Team average: 71.4%')
  await expect(card('Talk time')).toContainText('Per day worked: you 4:30, team average 3:30')
  await expect(note).toContainText(`Team average of 2 days up to ${dayBefore(1)}. 1 of 3 days left out`)
  await expect(note).toContainText('Received ')

  await open(2, 2)
  await expect(note).toContainText('No team average for this period')
  await expect(card('Calls')).not.toContainText('team average')

  await page.goto(`${device.app.origin}/#/?period=today`)
  await expect(note).toContainText('no day of this period has finished')

  await open(3, 1)
  await filterBy(page, 'Type', 'Inbound')
  await expect(note).toContainText('No team average for this period')

  await expect(page.locator('body'), 'no name of a colleague').not.toContainText(/Cleo|Lena/)
  await goTo(page, 'Calls')
  await expect(page.getByRole('grid', { name: 'Calls' })).toContainText('Mine Meyer')
  await expect(page.locator('body')).not.toContainText('Theirs')

  await test.step('offline the average stays, with the time of its arrival', async () => {
    device.line.cut()
    await open(3, 1)
    await expect(card('Calls')).toContainText('team average 1.2')
    await expect(note).toContainText('Received ')
  })
  await context.close()
  await Promise.all([office.dispose(), device.dispose()])
  await server.dispose()
})
