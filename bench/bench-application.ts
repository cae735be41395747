import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Api } from '../core/contract/contract.ts'
import type { SignedIn } from '../core/contract/session.ts'
import { createApplication, type Application } from '../app/application.ts'
import { defaultWorkers } from '../app/default-workers.ts'

export type BenchApplication = {
  readonly api: Api
  readonly session: SignedIn
  readonly databasePath: string
  readonly folder: string
  readonly close: () => Promise<void>
}

export const BENCH_PASSWORD = 'bench bench'

/** A complete application, as in the shells. */
export function openApplication(home: string): Application {
  return createApplication({
    home,
    clock: Date.now,
    random: (length) => randomBytes(length),
    device: { name: 'bench', os: process.platform, version: '0', address: '127.0.0.1' },
    workers: defaultWorkers,
    log: () => {},
    bcryptCost: 4,
  })
}

/** Starts an application on a temporary home, with a client and its admin. */
export async function openBenchApplication(): Promise<BenchApplication> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const application = openApplication(join(folder, 'home'))
  const api = application.apiOf(application.openConnection('bench'))
  const session = await api.workspace.create({
    clientName: 'Bench',
    timeZone: 'Europe/Berlin',
    adminName: 'Bench',
    adminEmail: 'bench@bench.test',
    adminPassword: BENCH_PASSWORD,
  })
  const { path } = await api.workspace.status()
  return {
    api,
    session,
    databasePath: path,
    folder,
    close: async () => {
      await application.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
