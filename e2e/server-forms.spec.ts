import { createServer } from 'node:net'
import { PUBLISH_KEY, ServerProcess } from '../app/sync/testing/server-process.ts'
import { AppProcess } from './support/app-process.ts'
import { goTo } from './support/screens.ts'
import { PASSWORD } from './support/team.ts'
import { expect, test } from './support/test.ts'

/** Returns an address of this device at which nothing listens. */
async function nobody(): Promise<string> {
  const probe = createServer()
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return `http://127.0.0.1:${port}`
}

const server = new ServerProcess()
test.beforeAll(() => server.start())
test.afterAll(() => server.dispose())

test('the forms to publish and to join name the error, keep the typed values, and work after a correction', async ({
  app,
  team,
  windowOf,
}) => {
  const admin = await windowOf(team.admin)
  await goTo(admin, 'Settings')
  const section = admin.getByRole('region', { name: 'Server' })
  const publish = section.getByRole('button', { name: 'Publish workspace' })
  await section.getByLabel('Server address').fill(await nobody())
  await section.getByLabel('Publish key').fill('not the key')
  await publish.click()
  await expect(section.getByRole('alert')).toContainText('The server was not reached')
  await expect(section.getByLabel('Publish key')).toHaveValue('not the key')
  await section.getByLabel('Server address').fill(server.url)
  await publish.click()
  await expect(section.getByRole('alert')).toContainText('The server refused this')
  await expect(section.getByRole('alert')).toContainText(/publish key/i)
  await section.getByLabel('Publish key').fill(PUBLISH_KEY)
  await publish.click()
  await expect(section.getByText(server.url)).toBeVisible()

  const laptop = await AppProcess.start()
  const page = await admin.context().newPage()
  await page.goto(await laptop.launchUrl())
  await page.getByRole('button', { name: 'Join a workspace' }).click()
  const join = page.getByRole('button', { name: 'Join', exact: true })
  await page.getByRole('textbox', { name: 'Server' }).fill(await nobody())
  await page.getByRole('textbox', { name: 'E-mail' }).fill(team.agent.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await join.click()
  await expect(page.getByRole('alert')).toContainText('The server was not reached')
  await page.getByRole('textbox', { name: 'Server' }).fill(server.url)
  await join.click()
  await expect(page.getByRole('alert')).toContainText('Sign-in refused')
  await expect(page.getByRole('alert')).toContainText('E-mail or password is wrong')
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toHaveValue(team.agent.email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await join.click()
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
  await page.close()
  await laptop.dispose()
  expect(app.output).toBe('')
})
