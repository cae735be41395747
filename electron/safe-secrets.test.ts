import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

vi.mock('electron', () => import('./testing/electron-stand-in.ts'))

const { safeStorage } = await import('./testing/electron-stand-in.ts')
const { systemSecrets } = await import('./safe-secrets.ts')

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'propaganda-secrets-'))
})
afterEach(() => {
  safeStorage.isAvailable = false
  rmSync(home, { recursive: true, force: true })
})

test('a token is stored on disk encrypted by the system’s key store', async () => {
  safeStorage.isAvailable = true
  const secrets = systemSecrets(home)
  await secrets.set('a-client', 'the token')
  const kept = readFileSync(join(home, 'tokens', 'a-client'), 'utf8')
  expect(kept).not.toContain('the token')
  expect(await secrets.get('a-client')).toBe('the token')
})

test('without a key store, a token is in a file that only its owner can read', async () => {
  const secrets = systemSecrets(home)
  await secrets.set('a-client', 'the token')
  expect(await secrets.get('a-client')).toBe('the token')
  if (process.platform !== 'win32') expect(statSync(join(home, 'tokens', 'a-client')).mode & 0o777).toBe(0o600)
  await secrets.delete('a-client')
  expect(await secrets.get('a-client')).toBeUndefined()
})
