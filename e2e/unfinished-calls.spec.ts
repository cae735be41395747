import type { Page } from '@playwright/test'
import { BrowserSession } from './support/browser-session.ts'
import { details, draftKept, fromUserMenu, goTo, notice, sections, signIn } from './support/screens.ts'
import { Keyboard } from './support/keyboard.ts'
import { tamper } from './support/tamper.ts'
import { PASSWORD } from './support/team.ts'
import { expect, REFUSED, test } from './support/test.ts'

const name = (page: Page) => page.getByLabel('Prospect name')
const notes = (page: Page) => page.getByRole('textbox', { name: 'Notes' })
const unfinished = (page: Page) => page.getByRole('region', { name: 'Unfinished calls' })
const duration = (page: Page) => page.getByRole('textbox', { name: 'Duration' })

/** Expects a duration of `seconds`, or a few more: the clock of the page also runs by itself. */
async function expectTimed(page: Page, seconds: number, what?: string): Promise<void> {
  const shown = async () => {
    const [minutes = '', rest = ''] = (await duration(page).inputValue()).split(':')
    return Number(minutes) * 60 + Number(rest)
  }
  await expect.poll(shown, what).toBeGreaterThanOrEqual(seconds)
  expect(await shown(), what).toBeLessThan(seconds + 20)
}

/** Returns the texts of the stored drafts of new calls. */
async function stored(page: Page, prefix: string): Promise<string[]> {
  const visitor = await BrowserSession.of(page.context(), new URL(page.url()).origin)
  const drafts = await visitor.api.drafts.list({ prefix })
  visitor.close()
  return drafts.map(({ value }) => (value as { prospectName: string }).prospectName).toSorted()
}

test('several calls are unfinished at once: a key puts one aside, another continues it, and only the shown one is timed', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await page.clock.install()
  await page.keyboard.press('n')
  await page.keyboard.type('Ann One')
  // The timer starts with the form, which a busy machine shows later.
  await expect(name(page)).toHaveValue('Ann One')
  await page.clock.runFor(65_000)
  await expectTimed(page, 65)
  await page.keyboard.press('Alt+p')
  await expect(name(page)).toHaveValue('')
  await expect(name(page)).toBeFocused()
  await page.keyboard.type('Bob Two')
  await expect(name(page)).toHaveValue('Bob Two')
  await expect(unfinished(page).getByRole('listitem')).toContainText('Ann One')
  await page.clock.runFor(10_000)
  await page.keyboard.press('Alt+o')
  await expect(name(page)).toHaveValue('Ann One')
  await expectTimed(page, 65, 'the timer was stopped')
  const atStop = await duration(page).inputValue()
  await page.clock.runFor(30_000)
  await expect(duration(page)).toHaveValue(atStop)
  await expect(unfinished(page).getByRole('listitem')).toContainText('Bob Two')
  await page.keyboard.press('Alt+o')
  await expect(name(page)).toHaveValue('Bob Two')
  await expectTimed(page, 10)
  await expect.poll(() => stored(page, 'aside:')).toEqual(['Ann One'])
  await draftKept(page, 'Bob Two')

  // The list is reached with Tab too.
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, /Call with Bob Two logged · 0:[12]\d/)).toBeVisible()
  await unfinished(page).getByRole('button', { name: 'Continue Ann One' }).press('Enter')
  await expect(name(page)).toHaveValue('Ann One')
  await expect(unfinished(page)).toBeHidden()
  await expect.poll(() => stored(page, 'aside:')).toEqual([])
})

test('keys typed right after putting a call aside belong to the next call', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.rush('nAnn One<alt+p>Bob Two<alt+p>Cid Three')
  await keyboard.idle()
  await expect(name(page)).toHaveValue('Cid Three')
  await draftKept(page, 'Cid Three')
  await expect.poll(() => stored(page, 'aside:')).toEqual(['Ann One', 'Bob Two'])
})

test('a call is put aside before the stored draft has been read, and that draft is kept', async ({ team, windowOf }) => {
  const first = await windowOf(team.agent)
  await first.keyboard.press('n')
  await first.keyboard.type('Dora Draft')
  await draftKept(first, 'Dora Draft')
  await first.close()

  let read = () => {}
  const isRead = new Promise<undefined>((resolve) => (read = () => resolve(undefined)))
  const page = await windowOf(team.agent, (opened) =>
    tamper(opened, (procedure) => (procedure === 'drafts.get' ? isRead : undefined)),
  )
  await page.keyboard.press('n')
  await page.keyboard.type('Ann One')
  await page.keyboard.press('Alt+p')
  await expect(name(page)).toHaveValue('')
  await page.keyboard.type('Bob Two')
  await page.keyboard.press('Alt+p')
  await expect(unfinished(page).getByRole('listitem')).toHaveCount(2)
  await expect(name(page)).toHaveValue('')
  read()
  await expect(name(page)).toHaveValue('Dora Draft')
  await expect.poll(() => stored(page, 'aside:')).toEqual(['Ann One', 'Bob Two'])
  await page.keyboard.press('Alt+o')
  await expect(name(page)).toHaveValue('Ann One')
  await expect.poll(() => stored(page, 'aside:')).toEqual(['Bob Two', 'Dora Draft'])
})

test('a discarded draft can be recovered for a day', async ({ app, team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Ann One')
  await notes(page).fill('A long note')
  await draftKept(page, 'A long note')
  await page.reload()
  await expect(sections(page)).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Discard draft' }).press('Enter')
  await expect(name(page)).toHaveValue('')
  await expect(name(page)).toBeFocused()
  await page.keyboard.type('Bob Two')
  await page.getByRole('button', { name: '1 discarded draft' }).press('Enter')
  await page.getByRole('button', { name: 'Recover Ann One' }).press('Enter')
  await expect(name(page)).toHaveValue('Ann One')
  await expect(notes(page)).toHaveValue('A long note')
  await expect(unfinished(page).getByRole('listitem'), 'the shown call was put aside').toContainText('Bob Two')
  await expect.poll(() => stored(page, 'discarded:')).toEqual([])

  await draftKept(page, 'A long note')
  await page.reload()
  await expect(sections(page)).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Discard draft' }).press('Enter')
  await expect(page.getByRole('button', { name: '1 discarded draft' })).toBeVisible()
  await expect.poll(() => stored(page, 'discarded:')).toEqual(['Ann One'])
  // A day later the person signs in again.
  await app.advance(24 * 60 + 1)
  await page.reload()
  await signIn(page, team.agent.email)
  await expect(sections(page)).toBeVisible()
  await page.keyboard.press('n')
  await expect(unfinished(page)).toContainText('Bob Two')
  await expect(page.getByRole('button', { name: '1 discarded draft' })).toBeHidden()
})

test('unfinished calls survive a lock and a sign-out, and another person does not see them', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.keyboard.type('Ann One')
  await page.keyboard.press('Alt+p')
  await page.keyboard.type('Bob Two')
  await page.keyboard.press('Control+Shift+L')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(name(page)).toHaveValue('Bob Two')
  await expect(unfinished(page)).toContainText('Ann One')
  await fromUserMenu(page, 'Sign out')
  await signIn(page, team.colleague.email)
  await expect(sections(page)).toBeVisible()
  await page.keyboard.press('n')
  await expect(name(page)).toHaveValue('')
  await expect(unfinished(page)).toBeHidden()
  await page.keyboard.press('Escape')
  await fromUserMenu(page, 'Sign out')
  await signIn(page, team.agent.email)
  await expect(sections(page)).toBeVisible()
  await page.keyboard.press('n')
  await expect(name(page)).toHaveValue('Bob Two')
  await expect(unfinished(page)).toContainText('Ann One')
})

test('a crash of the window keeps the call with its timer, and the calls put aside', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Ann One')
  await page.keyboard.press('Alt+p')
  await page.keyboard.type('Bob Two')
  await draftKept(page, 'Bob Two')
  await expect.poll(() => stored(page, 'aside:')).toEqual(['Ann One'])
  const crashed = page.waitForEvent('crash')
  await page.goto('chrome://crash').catch(() => {})
  await crashed
  const again = await page.context().newPage()
  await again.goto(new URL('/', team.visitor.origin).href)
  await expect(sections(again)).toBeVisible()
  await again.keyboard.press('n')
  await expect(name(again)).toHaveValue('Bob Two')
  await expect(again.getByRole('button', { name: 'Stop the timer' })).toBeVisible()
  await expect(unfinished(again)).toContainText('Ann One')
})

test.describe('after a crash', () => {
  test.use({ expectedComplaints: REFUSED })

  test('after kill −9 and a restart on another port the calls are there, and the timer has continued', async ({
    app,
    team,
    windowOf,
  }) => {
    const page = await windowOf(team.agent)
    await page.keyboard.press('n')
    await page.keyboard.type('Ann One')
    await page.keyboard.press('Alt+p')
    await page.keyboard.type('Bob Two')
    await notes(page).fill('In the middle of a sent')
    await draftKept(page, 'In the middle of a sent')
    await expect.poll(() => stored(page, 'aside:')).toEqual(['Ann One'])
    const before = new URL(app.origin).port
    await app.kill()
    app.origin = ''
    await app.start()
    expect(new URL(app.origin).port).not.toBe(before)
    const again = await page.context().newPage()
    await again.goto(await app.launchUrl())
    await signIn(again, team.agent.email)
    await expect(sections(again)).toBeVisible()
    await again.keyboard.press('n')
    await expect(name(again)).toHaveValue('Bob Two')
    await expect(notes(again)).toHaveValue('In the middle of a sent')
    await expect(duration(again)).not.toHaveValue('0:00')
    await again.keyboard.press('Alt+o')
    await expect(name(again)).toHaveValue('Ann One')
  })
})

test('the timer: it starts with the first key, a key stops and continues it, a typed duration replaces it', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await page.clock.install()
  await page.keyboard.press('n')
  await page.clock.runFor(30_000)
  await expect(duration(page), 'an open form is no call').toHaveValue('')
  await page.keyboard.type('Jo')
  await expect(name(page)).toHaveValue('Jo')
  await page.clock.runFor(30_000)
  await expectTimed(page, 30)
  await page.keyboard.press('Alt+t')
  await expect(page.getByRole('button', { name: 'Start the timer' })).toBeVisible()
  const atStop = await duration(page).inputValue()
  await page.clock.runFor(60_000)
  await expect(duration(page)).toHaveValue(atStop)
  await page.keyboard.press('Alt+t')
  await page.clock.runFor(5_000)
  await expectTimed(page, 35)

  // The clock of the computer is set back by a day, and forward by two.
  for (const jump of [-86_400_000, 2 * 86_400_000]) {
    await page.clock.setSystemTime(await page.evaluate((ms) => Date.now() + ms, jump))
    await page.clock.runFor(5_000)
  }
  await expectTimed(page, 45)
  await draftKept(page, 'Jo')

  await duration(page).focus()
  await page.clock.runFor(3_000)
  await page.keyboard.type('245')
  await expect(duration(page), 'typed digits replace the counted time').toHaveValue('245')
  await page.keyboard.press('Tab')
  await page.clock.runFor(10_000)
  await expect(duration(page)).toHaveValue('4:05')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Jo logged · 4:05')).toBeVisible()
  expect((await team.api.calls.list({})).rows[0]).toMatchObject({ callDuration: 245 })
})

test('a timer that was never stopped asks before more than 12 hours are saved', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.clock.install()
  await page.keyboard.press('n')
  await page.keyboard.type('Jo')
  await draftKept(page, 'Jo')
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
  await page.clock.setSystemTime(await page.evaluate(() => Date.now() + 13 * 3_600_000))
  await page.keyboard.press('n')
  await expect(name(page)).toHaveValue('Jo')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(details(page).getByText(/The timer ran 13:00:\d\d\. Enter the duration, or save again to keep it/)).toBeVisible()
  await expect(duration(page)).toBeFocused()
  expect((await team.api.calls.list({})).rows).toEqual([])
  await page.keyboard.press('Control+a')
  await page.keyboard.type('180')
  await page.keyboard.press('Control+Enter')
  await expect.poll(async () => (await team.api.calls.list({})).rows[0]?.callDuration).toBe(180)
})
