import type { ClientId } from '../../core/id.ts'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ServerProcess, PUBLISH_KEY } from '../../app/sync/testing/server-process.ts'
import type { Api } from '../../core/contract/contract.ts'
import { openReadable } from '../../db/open.ts'
import { AppProcess } from './app-process.ts'
import { RecordingProxy } from './recording-proxy.ts'
import { createTeam, PASSWORD, type Person, type Team } from './team.ts'
import { expect, test as base } from './test.ts'
import type { BrowserSession } from './browser-session.ts'

/** A device on a server: the application on its own home, and its connection to the server, which can be cut. */
export class SyncedDevice {
  readonly app: AppProcess
  readonly line: RecordingProxy
  readonly #visitor: BrowserSession

  private constructor(app: AppProcess, line: RecordingProxy, visitor: BrowserSession) {
    this.app = app
    this.line = line
    this.#visitor = visitor
  }

  static async start(server: ServerProcess): Promise<SyncedDevice> {
    const [app, line] = await Promise.all([AppProcess.start(), RecordingProxy.start(server.url)])
    return new SyncedDevice(app, line, await app.visit())
  }

  /** The API of the application, without screens, as the person who signed in with it. */
  get api(): Api {
    return this.#visitor.api
  }

  /** Creates a client on this device and publishes it to the server. */
  async publish(clientName: string, domain: string): Promise<Team> {
    const team = await createTeam(this.app, clientName, domain)
    for await (const _ of await team.api.sync.publish({ serverUrl: this.line.url, key: PUBLISH_KEY }));
    await this.api.session.signIn({ email: team.admin.email, password: PASSWORD })
    team.visitor.close()
    return team
  }

  async join({ email }: Person): Promise<void> {
    for await (const _ of await this.api.sync.join({ serverUrl: this.line.url, email, password: PASSWORD }));
  }

  databasePath(clientId: ClientId): string {
    return join(this.app.home, 'workspaces', clientId, 'workspace.db')
  }

  /** Returns the bytes of the database on disk, including the write-ahead log and free pages. */
  databaseBytes(clientId: ClientId): Buffer {
    const path = this.databasePath(clientId)
    return Buffer.concat(
      [path, `${path}-wal`].map((file) => (statSync(file, { throwIfNoEntry: false }) ? readFileSync(file) : Buffer.of())),
    )
  }

  /** Returns every byte that this device has on disk, including logs and tokens. */
  bytes(): Buffer {
    const paths = readdirSync(this.app.home, { recursive: true }).map((name) => join(this.app.home, String(name)))
    return Buffer.concat(paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)))
  }

  /** Returns the password hashes in the database's file, by user. */
  passwordHashes(clientId: ClientId): Map<string, string> {
    const found = this.#query<{ id: string; hash: string }>(
      clientId,
      'SELECT id, password_hash AS hash FROM users WHERE password_hash IS NOT NULL',
    )
    return new Map(found.map(({ id, hash }) => [id, hash]))
  }

  /** The device's id on the server. */
  deviceId(clientId: ClientId): string {
    return this.#query<{ id: string }>(clientId, 'SELECT device_id AS id FROM sync_device')[0]?.id ?? ''
  }

  #query<Row>(clientId: ClientId, text: string): Row[] {
    const db = openReadable(this.databasePath(clientId))
    try {
      return db.sqlite.prepare<[], Row>(text).all()
    } finally {
      db.close()
    }
  }

  async dispose(): Promise<void> {
    this.#visitor.close()
    await this.app.dispose()
    await this.line.close()
  }
}

/** A server with two clients: Acme, with a device of its admin, its agent and its lead, and Borealis with its admin's. */
export type Installation = {
  readonly server: ServerProcess
  readonly acme: Team
  readonly office: SyncedDevice
  readonly agent: SyncedDevice
  readonly lead: SyncedDevice
  readonly borealis: Team
  readonly stranger: SyncedDevice
}

type Fixtures = {
  /** Opens a window on a device with `person` signed in, showing the list of calls. */
  readonly windowOn: (device: SyncedDevice, person: Person) => Promise<Page>
}

/** The processes are shared by a worker's tests, the windows are not: each test creates its own calls. */
export const test = base.extend<Fixtures, { readonly installation: Installation }>({
  installation: [
    // eslint-disable-next-line eslint/no-empty-pattern -- the pattern names the fixtures that this one needs: none
    async ({}, use) => {
      const server = new ServerProcess()
      await server.start()
      const start = () => SyncedDevice.start(server)
      const [office, agent, lead, stranger] = await Promise.all([start(), start(), start(), start()])
      const [acme, borealis] = await Promise.all([
        office.publish('Acme', 'acme.test'),
        stranger.publish('Borealis', 'borealis.test'),
      ])
      await Promise.all([agent.join(acme.agent), lead.join(acme.lead)])
      await use({ server, acme, office, agent, lead, borealis, stranger })
      const devices = [office, agent, lead, stranger]
      const outputs = devices.map(({ app }) => app.output)
      await Promise.all(devices.map((device) => device.dispose()))
      await server.dispose()
      expect(outputs, 'the applications write nothing to their terminals').toEqual(['', '', '', ''])
    },
    { scope: 'worker', timeout: 240_000 },
  ],

  windowOn: async ({ browser, quiet }, use) => {
    const opened: Page[] = []
    await use(async ({ app }, { email }) => {
      const visitor = await app.visit()
      await visitor.api.session.signIn({ email, password: PASSWORD })
      visitor.close()
      const context = await browser.newContext()
      quiet(context)
      await visitor.hand(context)
      const page = await context.newPage()
      opened.push(page)
      await page.goto(`${app.origin}/#/calls`)
      await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()
      return page
    })
    for (const page of opened) await page.context().close()
  },
})

export { expect }

/** Returns the corner with the state of sync. */
export const corner = (page: Page) => page.getByRole('status', { name: 'Sync' })

/** Restores the connections, and the windows' browsers report that the network is back. */
export async function reconnect(...sides: readonly (readonly [SyncedDevice, Page])[]): Promise<void> {
  for (const [device] of sides) device.line.mend()
  for (const [, page] of sides) await page.evaluate(() => window.dispatchEvent(new Event('online')))
}

/** Resolves with the time at which `text` appeared on the screen, ms. The browser detects it, so that polling does not distort the time. */
export function seen(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.body.textContent.includes(wanted)) return
          observer.disconnect()
          resolve(Date.now())
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        look()
      }),
    text,
  )
}
