import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { TREE } from '../scripts/tree.ts'
import { callCount, goTo, fromUserMenu, sections, signIn } from './support/screens.ts'
import { expect, REFUSED, test } from './support/test.ts'

test.describe('with npm start', () => {
  test.use({ expectedComplaints: REFUSED })
  test('on the first start a workspace is created, and the dashboard shows what to do next', async ({ page }, testInfo) => {
    const start = spawn(
      process.execPath,
      [join(TREE, 'scripts/commands/start.ts'), '--shell=loopback', '--no-open', `--home=${testInfo.outputPath('home')}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const exited = once(start, 'exit')
    const lines: string[] = []
    const url = await new Promise<string>((resolve) => {
      createInterface(start.stdout).on('line', (line) => {
        lines.push(line)
        const ready = /^Propaganda Dashboard ready at (http:\/\/127\.0\.0\.1:\d+\/launch\?token=\S+)$/.exec(line)
        if (ready?.[1] !== undefined) resolve(ready[1])
      })
    })

    await page.goto(url)
    await expect(page).toHaveTitle('Propaganda Dashboard')
    await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
    await expect(page.getByLabel('Client name')).toBeFocused()
    expect(new URL(page.url()).search, 'the token is removed from the address').toBe('')

    await page.getByRole('button', { name: 'Create workspace' }).click()
    await expect(page.getByText('The client’s name is required')).toBeVisible()

    await page.getByLabel('Client name').fill('Acme')
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue('Europe/Berlin')
    await page.getByLabel('Your name').fill('Ada Admin')
    await page.getByLabel('E-mail').fill('ada@acme')
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByLabel('Confirm password').fill('shorts')
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await expect(page.getByText('Not an e-mail address')).toBeVisible()
    await expect(page.getByText('At least 8 characters', { exact: true })).toBeVisible()
    await page.getByLabel('E-mail').fill('ada@acme.test')
    await page.getByLabel('Password', { exact: true }).fill('correct horse')
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await expect(page.getByText('The two passwords differ')).toBeVisible()
    await page.getByLabel('Confirm password').fill('correct horse')
    await page.keyboard.press('Enter')

    await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible()
    await expect(page.getByText('No calls in this period')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Show rate' })).toContainText('—')
    await expect(page.getByRole('status', { name: 'Sync' })).toHaveText('Stored on this device only')
    await page.getByRole('button', { name: 'Show all time' }).click()
    await expect(page.getByRole('button', { name: 'Period: All time' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Show all time' })).toBeHidden()
    await page.getByRole('button', { name: 'Log a call' }).click()
    await expect(page.getByLabel('Prospect name')).toBeFocused()

    start.kill('SIGTERM')
    await exited
    expect(start.exitCode, 'it ends with success after a signal').toBe(0)
    expect(lines, 'it prints only its address, once').toHaveLength(1)
  })
})

test('the demo can be created next to other workspaces', async ({ app, page }) => {
  await page.goto(await app.launchUrl())
  await page.getByRole('button', { name: 'Try with demo data' }).click()
  await page.getByRole('button', { name: 'Create demo workspace' }).click()
  await expect(page.getByRole('progressbar', { name: 'Demo data written' })).toBeVisible()
  await expect(sections(page)).toBeVisible({ timeout: 120_000 })

  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Nordlicht Energie (demo)')
  await expect(page.getByRole('region', { name: 'Show rate' })).toContainText('%')
  await expect(page.getByRole('group', { name: 'Loss reasons' }).getByLabel(/show the calls/)).not.toHaveCount(0)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText(/^2\d,\d{3} calls$/)

  // A second workspace next to the first, from the sign-in screen.
  await fromUserMenu(page, 'Sign out')
  await page.getByRole('button', { name: 'New workspace' }).click()
  await page.getByLabel('Client name').fill('Acme')
  await page.getByLabel('Your name').fill('Ada Admin')
  await page.getByLabel('E-mail').fill('ada@acme.test')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.getByLabel('Confirm password').fill('correct horse')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await goTo(page, 'Calls')
  await expect(page.getByText('No calls yet')).toBeVisible()
  await fromUserMenu(page, 'Sign out')
  await signIn(page, 'ada@nordlicht.example', 'propaganda-demo')
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText(/^2\d,\d{3} calls$/)
})
