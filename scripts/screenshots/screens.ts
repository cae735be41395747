import { expect as expectSoon, type Page } from '@playwright/test'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../core/demo-account.ts'

/** Outside of Playwright's test runner the default is five seconds, and a sign-in takes longer on a busy machine. */
const expect = expectSoon.configure({ timeout: 60_000 })

/** One state of the window. `open` navigates to it from any other state and resolves when it is shown. */
export type Screen = { readonly name: string; readonly open: (page: Page, origin: string) => Promise<void> }

const CSV = [
  'Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,AvgTalkDuration',
  'ID0001,Diane,1-Jan-21,9:12,Contract related,Y,Y,0:02:23',
  'ID0002,Becky,1-Jan-21,9:12,Technical Support,Y,N,0:04:02',
  'ID0003,Stewart,31-Feb-21,9:47,Contract related,Y,Y,0:02:11',
  'ID0004,Greg,13-Jan-21,9:47,Contract related,N,N,0:00:00',
].join('\n')

const details = (page: Page) =>
  page.getByRole('complementary', { name: 'Details' }).or(page.getByRole('dialog', { name: 'Details' }))

/** Reloads the window, so that nothing of the previous screen is left. */
async function go(page: Page, origin: string, path: string, heading: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${origin}/#${path}`)
  await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toBeVisible()
}

async function calls(page: Page, origin: string, search = ''): Promise<void> {
  await go(page, origin, `/calls${search}`, 'Calls')
  await expect(page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]').first()).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'Loading' })).toHaveCount(0)
}

async function dashboard(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/', 'Dashboard')
  await expect(page.getByRole('region', { name: 'Undecided', exact: true })).toBeVisible()
}

async function today(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/today', 'Today')
  await expect(page.getByRole('region', { name: 'No next step' })).toBeVisible()
}

async function users(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/users', 'Users')
  await expect(page.getByRole('table', { name: 'Users' })).toBeVisible()
}

async function lossReasons(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/loss-reasons', 'Loss reasons')
  await expect(page.getByRole('table', { name: 'Loss reasons' })).toBeVisible()
}

async function audit(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/audit', 'Audit trail')
  await expect(page.getByRole('grid', { name: 'Audit trail' }).getByRole('row').nth(1)).toBeVisible()
}

async function importMap(page: Page, origin: string): Promise<void> {
  await go(page, origin, '/import', 'Import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (await chooser).setFiles({ name: 'calls.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) })
  await expect(page.getByRole('button', { name: 'Dry run' })).toBeVisible()
}

async function newCall(page: Page, origin: string): Promise<void> {
  await calls(page, origin)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Prospect name')).toBeFocused()
}

/** Screens of a workspace with calls, for its admin. */
export const SCREENS: readonly Screen[] = [
  { name: 'today', open: today },
  { name: 'dashboard', open: dashboard },
  {
    name: 'dashboard-definition',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.getByRole('button', { name: 'How is Close rate computed?' }).click()
      await expect(page.getByRole('dialog').getByText('Won ÷ completed.')).toBeVisible()
    },
  },
  {
    name: 'dashboard-calls',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.getByRole('button', { name: /^Close rate: [\d,]+ completed:/ }).click()
      await expect(page.getByRole('grid', { name: 'Close rate: completed' })).toBeFocused()
    },
  },
  {
    name: 'dashboard-period',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.getByRole('button', { name: /^Period:/ }).click()
      await expect(page.getByRole('dialog', { name: 'Period' })).toBeVisible()
    },
  },
  {
    name: 'targets',
    open: async (page, origin) => {
      await go(page, origin, '/targets', 'Targets')
      await expect(page.getByRole('textbox', { name: 'Completed, Team' })).toBeVisible()
    },
  },
  { name: 'calls', open: calls },
  {
    name: 'calls-filter',
    open: async (page, origin) => {
      await calls(page, origin, '?period=this_year&outcomes=lost')
      await page.getByRole('button', { name: 'Loss reason', exact: true }).click()
      await expect(page.getByRole('listbox', { name: 'Loss reason' })).toBeVisible()
    },
  },
  {
    name: 'calls-nothing-found',
    open: async (page, origin) => {
      await go(page, origin, '/calls?text=nobody%20by%20that%20name', 'Calls')
      await expect(page.getByText('No calls match')).toBeVisible()
    },
  },
  {
    name: 'call',
    open: async (page, origin) => {
      await calls(page, origin, '?outcomes=lost')
      await page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]').nth(2).click()
      await expect(details(page).getByRole('region', { name: 'History' }).getByRole('listitem').first()).toBeVisible()
    },
  },
  {
    name: 'prospect',
    open: async (page, origin) => {
      await calls(page, origin, '?outcomes=lost')
      await page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]').nth(2).click()
      await details(page).getByRole('button', { name: 'Show prospect' }).click()
      await expect(
        details(page).getByRole('region', { name: 'Calls with this prospect' }).getByRole('listitem').first(),
      ).toBeVisible()
    },
  },
  { name: 'call-new', open: newCall },
  {
    name: 'call-new-incomplete',
    open: async (page, origin) => {
      await newCall(page, origin)
      await page.getByLabel('Duration').fill('a while')
      await details(page).getByRole('button', { name: 'Save call' }).click()
      await expect(page.getByText('Enter a duration, for example')).toBeVisible()
      // Discarded, so that the next screens show no draft.
      await page.getByLabel('Duration').fill('')
      await details(page).getByRole('button', { name: 'Save call' }).click()
      await expect(page.getByText('Enter a duration, for example')).toBeHidden()
    },
  },
  {
    name: 'call-edit',
    open: async (page, origin) => {
      await calls(page, origin, '?outcomes=lost')
      await page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]').nth(2).click()
      await details(page).getByRole('button', { name: 'Edit' }).click()
      await expect(page.getByLabel('Prospect name')).toBeVisible()
    },
  },
  {
    name: 'import',
    open: async (page, origin) => {
      await go(page, origin, '/import', 'Import')
      await expect(page.getByRole('button', { name: 'CSV file' })).toBeVisible()
    },
  },
  { name: 'import-columns', open: importMap },
  {
    name: 'import-dry-run',
    open: async (page, origin) => {
      await importMap(page, origin)
      await page.getByRole('button', { name: 'Dry run' }).click()
      await expect(page.getByRole('table', { name: 'Refused rows' })).toBeVisible()
    },
  },
  { name: 'users', open: users },
  {
    name: 'user',
    open: async (page, origin) => {
      await users(page, origin)
      await page.getByRole('table', { name: 'Users' }).getByRole('button').nth(1).click()
      await expect(details(page).getByRole('button', { name: 'Set password' })).toBeVisible()
    },
  },
  {
    name: 'user-new',
    open: async (page, origin) => {
      await users(page, origin)
      await page.getByRole('button', { name: 'Add user' }).click()
      await expect(details(page).getByRole('button', { name: 'Add user' })).toBeVisible()
    },
  },
  { name: 'loss-reasons', open: lossReasons },
  {
    name: 'loss-reason',
    open: async (page, origin) => {
      await lossReasons(page, origin)
      await page.getByRole('table', { name: 'Loss reasons' }).getByRole('button').first().click()
      await expect(details(page).getByRole('button', { name: /^(Deactivate|Activate)$/ })).toBeVisible()
    },
  },
  { name: 'audit-trail', open: audit },
  {
    name: 'audit-entry',
    open: async (page, origin) => {
      await audit(page, origin)
      await page.getByRole('grid', { name: 'Audit trail' }).getByRole('row').nth(3).click()
      await expect(details(page).getByRole('heading').first()).toBeVisible()
    },
  },
  {
    name: 'settings',
    open: async (page, origin) => {
      await go(page, origin, '/settings', 'Settings')
      await expect(page.getByText('Audit trail lines')).toBeVisible()
    },
  },
  {
    name: 'user-menu',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.getByRole('button', { name: /^User menu/ }).click()
      await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
    },
  },
  {
    name: 'password',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.getByRole('button', { name: /^User menu/ }).click()
      await page.getByRole('menuitem', { name: 'Change password' }).click()
      await expect(page.getByLabel('Current password')).toBeVisible()
    },
  },
  {
    name: 'keys',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    },
  },
  {
    name: 'palette',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.keyboard.press('Control+k')
      await page.keyboard.type('c')
      await expect(page.getByRole('status', { name: 'Results' })).toHaveText(/^\d+ results$/)
      await expect(page.getByRole('option', { name: 'Calls', exact: false }).first()).toBeVisible()
    },
  },
  {
    name: 'no-such-screen',
    open: async (page, origin) => {
      await page.goto('about:blank')
      await page.goto(`${origin}/#/nowhere`)
      await expect(page.getByText('This screen does not exist')).toBeVisible()
    },
  },
  {
    name: 'locked',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await page.keyboard.press('Control+Shift+L')
      await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
    },
  },
]

async function signOut(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  const locked = page.getByRole('button', { name: 'Sign out' })
  const menu = page.getByRole('button', { name: /^User menu/ })
  const form = page.getByRole('heading', { name: 'Sign in' })
  await expect(locked.or(menu).or(form)).toBeVisible()
  if (await locked.isVisible()) await locked.click()
  else if (await menu.isVisible()) {
    await menu.click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  await expect(form).toBeVisible()
}

/** Screens of a device with the demo, for a person who is not signed in. */
export const DOOR_SCREENS: readonly Screen[] = [
  { name: 'sign-in', open: signOut },
  {
    name: 'sign-in-refused',
    open: async (page, origin) => {
      await signOut(page, origin)
      await page.getByRole('textbox', { name: 'E-mail' }).fill('nobody@nordlicht.example')
      await page.getByLabel('Password', { exact: true }).fill('not the password')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
]

/** Screens of a new device. */
export const FIRST_SCREENS: readonly Screen[] = [
  {
    name: 'first-start',
    open: async (page, origin) => {
      await page.goto(origin)
      await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
    },
  },
  {
    name: 'first-start-incomplete',
    open: async (page, origin) => {
      await page.goto(origin)
      await page.getByRole('button', { name: 'Create workspace' }).click()
      await expect(page.getByText('At least 8 characters', { exact: true })).toBeVisible()
    },
  },
  {
    name: 'demo',
    open: async (page, origin) => {
      await page.goto(origin)
      await page.getByRole('button', { name: 'Try with demo data' }).click()
      await expect(page.getByRole('button', { name: 'Create demo workspace' })).toBeVisible()
    },
  },
]

/** Screens of a new workspace. */
export const EMPTY_SCREENS: readonly Screen[] = [
  {
    name: 'dashboard-empty',
    open: async (page, origin) => {
      await go(page, origin, '/', 'Dashboard')
      await expect(page.getByText('No calls in this period')).toBeVisible()
    },
  },
  {
    name: 'calls-empty',
    open: async (page, origin) => {
      await go(page, origin, '/calls', 'Calls')
      await expect(page.getByText('No calls yet')).toBeVisible()
    },
  },
]

/** Screens of a person whose role has no access to some sections. */
export const AGENT_SCREENS: readonly Screen[] = [
  {
    name: 'dashboard-agent',
    open: async (page, origin) => {
      await dashboard(page, origin)
      await expect(page.getByText('Your own calls', { exact: true })).toBeVisible()
    },
  },
  {
    name: 'not-permitted',
    open: async (page, origin) => {
      await go(page, origin, '/users', 'Users')
      await expect(page.getByText(/^You don’t have access to /)).toBeVisible()
    },
  },
]

export async function unlock(page: Page): Promise<void> {
  await page.getByLabel('Password').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
}

export async function signInToDemo(page: Page, email: string = DEMO_CLIENT.adminEmail): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
}
