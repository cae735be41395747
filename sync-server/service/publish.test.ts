import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { PublishRequest } from '../../core/sync/protocol.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded } from '../testing/sample-workspace.ts'
import { hashToken } from './authenticate.ts'
import { publish } from './publish.ts'

const folder = mkdtempSync(join(tmpdir(), 'propaganda-publish-'))
const store = new SqliteStore(join(folder, 'server.db'), '0123456789abcdef')
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const newId = idsFrom(seeded(50))
const DAY = 24 * 60 * 60_000
const START = 1_800_000_000_000
let tokens = 0

const ask = (request: PublishRequest, now: number) =>
  publish(
    { store, now, newId, newToken: () => String(++tokens).padStart(43, 'T') },
    { ipAddress: null, userAgent: null },
    request,
  )

async function published() {
  const workspace = sampleWorkspace('Acme', newId)
  const about = { publicationId: newId(), clientId: workspace.clientId }
  const secret = 's'.repeat(43)
  const userId = workspace.people.admin.id
  await ask({ step: 'begin', ...about, userId, device: { id: newId(), name: 'P' }, deviceSeq: 0, secret }, START)
  await ask({ step: 'chunk', ...about, index: 0, rows: columnarTables(workspace) }, START)
  const counts = { clients: 1, users: 5, loss_reasons: 3, client_settings: 2, calls: 0 }
  const finish = { step: 'finish', ...about, chunks: 1, counts, secret } as const
  await ask(finish, START)
  return finish
}

test('the last step can be repeated for a week, but not later', async () => {
  const finish = await published()
  const again = await ask(finish, START + 6 * DAY)
  const token = again.step === 'finish' ? again.token : ''
  await expect(ask(finish, START + 8 * DAY)).rejects.toThrow(expect.objectContaining({ code: 'ALREADY_PUBLISHED' }))
  // The token of the device that finished stays valid after the refusal.
  expect(await store.read((tx) => tx.principal(hashToken(token)))).toMatchObject({ clientId: finish.clientId, role: 'admin' })
})

test('a wrong secret gives no token and does not invalidate one', async () => {
  const finish = await published()
  const token = String(tokens).padStart(43, 'T')
  await expect(ask({ ...finish, secret: 'x'.repeat(43) }, START)).rejects.toThrow(
    expect.objectContaining({ code: 'PUBLICATION' }),
  )
  expect(String(tokens).padStart(43, 'T')).toBe(token)
  expect(await store.read((tx) => tx.principal(hashToken(token)))).toBeDefined()
})
