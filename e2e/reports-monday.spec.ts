import type { Locator } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { extractText } from 'unpdf'
import type { LossReasonId } from '../core/id.ts'
import { periodRange } from '../core/time/time-range.ts'
import { someCall, type Person, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const ZONE = 'Europe/Berlin'
const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR
const MOST_CLICKS = 3

type Week = { readonly from: number; readonly won: number; readonly completed: number }

/** Creates the completed calls of a person in a week. Those that are not won are lost for `reason`. */
async function addWeek({ api }: Team, person: Person, reason: LossReasonId, { from, won, completed }: Week): Promise<void> {
  for (let index = 0; index < completed; index++) {
    const completedAt = from + 9 * HOUR + (index % 5) * 24 * HOUR + index * 60_000
    const result = index < won ? ({ outcome: 'won' } as const) : ({ outcome: 'lost', lossReasonId: reason } as const)
    await api.calls.create(someCall(person, { completedAt, ...result }))
  }
}

/** Counts the clicks of a person who asks one question. */
class Clicks {
  count = 0
  async on(target: Locator): Promise<void> {
    this.count++
    await target.click()
  }
}

test('a lead’s questions of a Monday are answered in at most three clicks each', async ({ team, windowOf }) => {
  test.setTimeout(600_000)
  const price = await team.api.lossReasons.create({ name: 'Price' })
  const { from } = periodRange('last_week', Date.now(), ZONE, 1)
  await addWeek(team, team.agent, price.id, { from: from - WEEK, won: 30, completed: 40 })
  await addWeek(team, team.agent, price.id, { from, won: 8, completed: 40 })
  await addWeek(team, team.colleague, price.id, { from: from - WEEK, won: 15, completed: 40 })
  await addWeek(team, team.colleague, price.id, { from, won: 14, completed: 40 })
  const page = await windowOf(team.lead)
  const period = page.getByRole('button', { name: /^Period/ })
  const lastWeek = page.getByRole('dialog', { name: 'Period' }).getByText('Last week', { exact: true })

  await test.step('Who is slipping?', async () => {
    const clicks = new Clicks()
    await clicks.on(period)
    await clicks.on(lastWeek)
    await clicks.on(page.getByRole('button', { name: 'Change', exact: true }))
    const people = page.getByRole('grid', { name: 'Agents' }).getByRole('row')
    await expect(people.nth(1)).toContainText('Ben Berg')
    await expect(people.nth(1)).toContainText('▼ −55.0 points')
    await expect(people.nth(1).getByTitle('May be due to chance')).toHaveCount(0)
    await expect(people.nth(2).getByTitle('May be due to chance')).toContainText('▼ −2.5 points')
    expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS)
  })

  await page.reload()
  await test.step('Why did last week fall?', async () => {
    const clicks = new Clicks()
    const change = page.getByRole('button', { name: /^Close rate: .* what changed$/ })
    await clicks.on(period)
    await clicks.on(lastWeek)
    await clicks.on(change)
    const answer = page.getByRole('dialog', { name: 'Close rate: −28.7 points' })
    const people = answer.getByRole('grid', { name: 'By agent' }).getByRole('row')
    await expect(people.nth(1)).toContainText(
      /Ben Berg.*75\.0% \(30 \/ 40\).*20\.0% \(8 \/ 40\).*−27\.5 points.*unlikely to be chance/,
    )
    await expect(people.nth(2)).toContainText(/Cleo Calm.*−1\.3 points.*may be chance/)
    const reasons = answer.getByRole('table', { name: 'By loss reason' }).getByRole('row')
    await expect(reasons.nth(1)).toContainText(/Price.*35.*58/)
    expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS)
    await page.keyboard.press('Escape')
    await expect(answer).toBeHidden()
    await expect(change).toBeFocused()
  })

  await test.step('What do I show my boss?', async () => {
    const clicks = new Clicks()
    const downloading = page.waitForEvent('download')
    await clicks.on(page.getByRole('button', { name: 'Export', exact: true }))
    await clicks.on(page.getByRole('menuitem', { name: /^PDF/ }))
    const download = await downloading
    const { text } = await extractText(new Uint8Array(readFileSync(await download.path())), { mergePages: true })
    expect(text).toContain('27.5%')
    expect(text).toContain('Ben Berg')
    expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS)
  })
})
