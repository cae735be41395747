import type { Page } from '@playwright/test'
import { SCREENS } from '../scripts/screenshots/screens.ts'
import { callRows, details, goTo, pick, sections } from './support/screens.ts'
import { someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

async function writeSome({ api, agent }: Team): Promise<void> {
  for (let n = 0; n < 5; n++)
    await api.calls.create(
      someCall(agent, {
        outcome: 'lost',
        prospectName: `A Prospect with quite a long Name number ${n}`,
        prospectEmail: 'someone@a-long-domain.example',
      }),
    )
}

/** Returns the visible controls that the mouse can use but Tab does not reach; empty if the keyboard reaches everything. */
async function beyondTheKeyboard(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    // Controls behind a dialog need not be reachable.
    const dialogs = [...document.querySelectorAll('[role=dialog][aria-modal=true]')].filter(isShown)
    const scope = dialogs.at(-1) ?? document.body
    for (const element of scope.querySelectorAll<HTMLElement>(
      'a[href], button, input, textarea, select, [role=grid][tabindex], [role=gridcell][tabindex]',
    )) {
      const isOneOfMany = element.matches('[type=radio]:not(:checked), [role=option], [role=menuitem], [role=menuitemradio]')
      // The file field is behind its button; day pickers and spin buttons have the same function as typing into their field.
      const isBehind = element.matches('[type=file], [type=hidden], [tabindex="-1"]')
      if (isShown(element) && !isOneOfMany && !isBehind && !element.matches(':disabled')) element.dataset['unreached'] = 'true'
    }
  })
  const left = page.locator('[data-unreached]')
  const total = await left.count()
  for (let presses = 0; presses < total + 20; presses++) {
    await page.keyboard.press('Tab')
    const rest = await page.evaluate(() => {
      const active = document.activeElement
      if (active instanceof HTMLElement) {
        delete active.dataset['unreached']
        // Tab stops at one radio button of a group.
        if (active instanceof HTMLInputElement && active.type === 'radio')
          for (const other of document.getElementsByName(active.name)) delete other.dataset['unreached']
      }
      return document.querySelectorAll('[data-unreached]').length
    })
    if (rest === 0) return []
  }
  return left.evaluateAll((elements) => elements.map((element) => element.outerHTML.slice(0, 200)))
}

/** Returns what a person cannot bring into the window: elements beyond its sides, and elements below it that no list or panel scrolls to. */
async function outsideTheWindow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth: width, clientHeight: height, scrollWidth } = document.documentElement
    const outermostScroller = (element: Element): Element => {
      let found = element
      for (let each: Element | null = element; each !== null && each !== document.body; each = each.parentElement)
        if (/auto|scroll/.test(getComputedStyle(each).overflowY)) found = each
      return found
    }
    const elements = document.querySelectorAll('h1, h2, button, a, input, th, td, [role=dialog], [role=option], aside')
    const outside = [...elements].filter((element) => {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || !element.checkVisibility()) return false
      // A wide table of data may be scrolled in its own frame (WCAG 1.4.10).
      if (element.closest('[class*=scrollContainer]') !== null) return false
      return box.right > width + 1 || box.left < -1 || outermostScroller(element).getBoundingClientRect().bottom > height + 1
    })
    const shown = outside.map((element) => element.outerHTML.slice(0, 160))
    return scrollWidth > width ? [`The page is ${scrollWidth - width} pixels too wide`, ...shown] : shown
  })
}

test('every screen and every control on it can be reached with only the keyboard', async ({ app, team, windowOf }) => {
  test.setTimeout(900_000)
  await writeSome(team)
  const page = await windowOf(team.admin)
  const sectionKeys = { c: 'Calls', i: 'Import', u: 'Users', l: 'Loss reasons', a: 'Audit trail', s: 'Settings', d: 'Dashboard' }
  for (const [key, heading] of Object.entries(sectionKeys)) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toBeVisible()
  }
  const menus = new Set(['calls-filter', 'dashboard-period', 'user-menu', 'locked'])
  for (const { name, open } of SCREENS.filter((screen) => !menus.has(screen.name)))
    await test.step(name, async () => {
      await open(page, app.origin)
      expect.soft(await beyondTheKeyboard(page), name).toEqual([])
    })
})

test('menus, filters and periods can be opened, used and closed with the keyboard, and return the focus', async ({
  team,
  windowOf,
}) => {
  await writeSome(team)
  const page = await windowOf(team.admin)
  const { keyboard } = page
  await goTo(page, 'Calls')
  const outcome = page.getByRole('button', { name: /^Outcome/ })
  await outcome.focus()
  await keyboard.press('Enter')
  await expect(page.getByRole('listbox', { name: 'Outcome' })).toBeVisible()
  const active = page.getByRole('listbox', { name: 'Outcome' }).locator('[data-combobox-selected]')
  await expect(active).toHaveText('Won')
  await keyboard.press('ArrowDown')
  await expect(active).toHaveText('Lost')
  await keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Outcome: Lost' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(page.getByRole('listbox', { name: 'Outcome' })).toBeHidden()
  await expect(outcome).toBeFocused()

  const period = page.getByRole('button', { name: /^Period/ })
  await period.focus()
  await keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Period' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Any time', exact: true })).toBeFocused()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowRight']) await keyboard.press(key)
  await expect(page.getByRole('button', { name: 'Yesterday', exact: true })).toBeFocused()
  await keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Period' })).toBeHidden()
  await expect(period).toBeFocused()

  const menu = page.getByRole('button', { name: /^User menu/ })
  await menu.focus()
  await keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Change password' })).toBeVisible()
  await keyboard.press('ArrowDown')
  await keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(menu).toBeFocused()
  await keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden()
})

test.describe('700 pixels wide', () => {
  test.use({ viewport: { width: 700, height: 800 } })

  test('no screen is wider than the window, and nothing is below it, at 200 % zoom either', async ({ app, team, windowOf }) => {
    test.setTimeout(900_000)
    await writeSome(team)
    // A list that is higher than the room below its filter.
    for (let n = 1; n <= 12; n++) await team.api.lossReasons.create({ name: `Reason ${n}` })
    const page = await windowOf(team.admin)
    for (const { name, open } of SCREENS.filter((screen) => screen.name !== 'locked'))
      await test.step(name, async () => {
        await page.setViewportSize({ width: 700, height: 800 })
        await open(page, app.origin)
        expect.soft(await outsideTheWindow(page), name).toEqual([])
        // A window of 1440 × 900 pixels at 200 % zoom.
        await page.setViewportSize({ width: 720, height: 450 })
        await expect
          .soft(async () => expect(await outsideTheWindow(page)).toEqual([]), `${name}, 200 % zoom`)
          .toPass({ timeout: 30_000 })
      })
  })

  test('a call is logged, opened and edited', async ({ team, windowOf }) => {
    const page = await windowOf(team.agent)
    const panel = page.getByRole('dialog', { name: 'Details' })
    await expect(sections(page)).toBeVisible()
    await goTo(page, 'Calls')
    await page.getByRole('button', { name: 'New call' }).first().click()
    await expect(panel.getByLabel('Prospect name')).toBeFocused()
    await page.keyboard.type('Jo Smith')
    await pick(panel, 'Outcome', 'Won')
    await page.keyboard.press('Control+Enter')
    await expect(panel.getByLabel('Prospect name')).toHaveValue('')
    await page.keyboard.press('Escape')
    await expect(panel).toBeHidden()
    await callRows(page, 'Jo Smith').click()
    await expect(panel.getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
    await panel.getByRole('button', { name: 'Edit' }).click()
    await panel.getByLabel('Notes').fill('Edited')
    await panel.getByRole('button', { name: 'Save changes' }).click()
    await expect(panel).toContainText('Edited')
    await panel.getByRole('button', { name: 'Close panel' }).click()
    await expect(panel).toBeHidden()
    await expect(details(page)).toBeHidden()
  })
})
