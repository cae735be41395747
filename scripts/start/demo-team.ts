import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Api } from '../../core/contract/contract.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../core/demo-account.ts'
import type { LoopbackApp } from '../../loopback/main.ts'
import { startSyncServer, type SyncServer } from '../../sync-server/server.ts'
import { rendererBuild } from '../building/builds.ts'
import { productVersion, TREE } from '../tree.ts'
import { loadLoopback } from './programs.ts'

/** Two people of the demo, each with a device. */
const PEOPLE = [
  { folder: 'agent', who: 'Ben Hartmann, agent', email: 'ben@nordlicht.example' },
  { folder: 'lead', who: 'Mara Okafor, team lead', email: 'mara@nordlicht.example' },
] as const

const PUBLISH_KEY = 'the key of the demo server'

export type DemoDevice = {
  readonly who: string
  readonly email: string
  readonly home: string
  readonly app: LoopbackApp
  /** The address that opens its window once, signed in. */
  readonly url: string
}

/**
 * Runs a sync server and two devices in this process, so that nothing continues after its end. Each has its own folder. The devices
 * exchange data only through the server, over HTTP on 127.0.0.1.
 */
export class DemoTeam {
  readonly #folder: string
  readonly #say: (line: string) => void
  readonly #apps: LoopbackApp[] = []
  #server: SyncServer | undefined
  #serverPort = 0

  /** @param folder the folder for all data; an existing demo in it is opened again. */
  constructor(folder: string, say: (line: string) => void) {
    this.#folder = folder
    this.#say = say
  }

  get isServerUp(): boolean {
    return this.#server !== undefined
  }

  /** @param port the port of the first device's window; the second device uses the next port. 0: any free ports. */
  async start(port: number): Promise<readonly DemoDevice[]> {
    const isNew = !existsSync(join(this.#folder, 'server'))
    if (isNew) {
      await this.startServer()
      await this.#publish()
      this.#say('Two devices join …')
    }
    const devices = await Promise.all(PEOPLE.map((person, index) => this.#open(person, port === 0 ? 0 : port + index, isNew)))
    if (!isNew) await this.startServer()
    return devices
  }

  /** Starts the server on its previous port. */
  async startServer(): Promise<void> {
    this.#server = await startSyncServer({
      dataDir: join(this.#folder, 'server'),
      host: '127.0.0.1',
      port: this.#serverPort,
      publishKey: PUBLISH_KEY,
      proxies: 0,
      log: pino({ enabled: false }),
    })
    this.#serverPort = Number(new URL(this.#server.url).port)
  }

  /** Stops the server, so that the devices lose their connection. */
  async stopServer(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    await server?.close()
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()))
    await this.stopServer()
  }

  async #app(folder: string, port: number): Promise<LoopbackApp> {
    const home = join(this.#folder, folder)
    const { startLoopbackApp } = await loadLoopback()
    const app = await startLoopbackApp({ home, port, rendererRoot: `${TREE}${rendererBuild.output}`, version: productVersion() })
    this.#apps.push(app)
    return app
  }

  /** Creates the client on a device of the admin and publishes it. The device is not used after that. */
  async #publish(): Promise<void> {
    const office = await this.#app('office', 0)
    const api = apiOf(office, office.loopback.reserve().connection)
    this.#say('Creating three years of calls …')
    for await (const event of await api.workspace.createDemo()) if (event.kind === 'ready') break
    this.#say('Publishing them to the server …')
    for await (const _ of await api.sync.publish({ serverUrl: this.#serverUrl, key: PUBLISH_KEY }));
    this.#apps.splice(this.#apps.indexOf(office), 1)
    await office.close()
  }

  get #serverUrl(): string {
    return `http://127.0.0.1:${this.#serverPort}`
  }

  async #open({ folder, who, email }: (typeof PEOPLE)[number], port: number, isNew: boolean): Promise<DemoDevice> {
    const app = await this.#app(folder, port)
    const { url, connection } = app.loopback.reserve()
    const api = apiOf(app, connection)
    if (isNew) for await (const _ of await api.sync.join({ serverUrl: this.#serverUrl, email, password: DEMO_PASSWORD }));
    else {
      await api.session.signIn({ email, password: DEMO_PASSWORD })
      // A device uses the server's address with which it joined.
      const { serverUrl } = await api.sync.status()
      if (serverUrl !== null) this.#serverPort = Number(new URL(serverUrl).port)
    }
    return { who, email, home: join(this.#folder, folder), app, url }
  }
}

function apiOf({ application }: LoopbackApp, connection: string): Api {
  return application.apiOf(application.openConnection(connection))
}

export const DEMO_GREETING = `Log a call in the agent’s window (N) and watch it arrive in the team lead’s list of calls.
Both are signed in to ${DEMO_CLIENT.clientName}; the password of everyone in it is ${DEMO_PASSWORD}.`
