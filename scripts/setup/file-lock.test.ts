import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { withFileLock } from './file-lock.mjs'

const folder = mkdtempSync(join(tmpdir(), 'file-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('one at a time, and the one that waits is told once', async () => {
  const path = join(folder, 'deep', 'lock')
  const order: string[] = []
  const onWait = vi.fn<() => void>()
  const first = withFileLock(path, async () => {
    order.push('first begins')
    await sleep(400)
    order.push('first ends')
  })
  const second = withFileLock(path, () => Promise.resolve(order.push('second')), onWait)
  await Promise.all([first, second])
  expect(order).toEqual(['first begins', 'first ends', 'second'])
  expect(onWait).toHaveBeenCalledTimes(1)
  expect(existsSync(path)).toBe(false)
})

test('work that fails gives the lock back', async () => {
  const path = join(folder, 'failing')
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(path)).toBe(false)
})

test('the lock of a process that was killed is taken over', async () => {
  const path = join(folder, 'stale')
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(path, String(pid))
  expect(await withFileLock(path, () => Promise.resolve('done'))).toBe('done')
})
