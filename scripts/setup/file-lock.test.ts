import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { withFileLock } from './file-lock.mjs'

const folder = mkdtempSync(join(tmpdir(), 'file-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

test('two calls run one after the other, and the second reports once that it waits', async () => {
  const path = join(folder, 'deep', 'lock')
  const order: string[] = []
  const onWait = vi.fn<(pid: number) => void>()
  const first = withFileLock(path, async () => {
    order.push('first begins')
    await sleep(400)
    order.push('first ends')
  })
  const second = withFileLock(path, () => Promise.resolve(order.push('second')), onWait)
  await Promise.all([first, second])
  expect(order).toEqual(['first begins', 'first ends', 'second'])
  expect(onWait.mock.calls).toEqual([[process.pid]])
  expect(readdirSync(path)).toEqual([])
})

test('work that fails releases the lock', async () => {
  const path = join(folder, 'failing')
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(readdirSync(path)).toEqual([])
})

test('the lock of a process that ended is taken over', async () => {
  const path = join(folder, 'stale')
  mkdirSync(path)
  writeFileSync(join(path, `1-${endedProcess()}`), '')
  expect(await withFileLock(path, () => Promise.resolve('done'))).toBe('done')
  expect(readdirSync(path)).toEqual([])
})

test('a file that is not a ticket does not hold the lock', async () => {
  const path = join(folder, 'strange')
  mkdirSync(path)
  writeFileSync(join(path, 'lock'), '')
  expect(await withFileLock(path, () => Promise.resolve('done'))).toBe('done')
})

test('many processes that find the lock of an ended process run one at a time', async () => {
  const path = join(folder, 'many')
  mkdirSync(path)
  writeFileSync(join(path, `1-${endedProcess()}`), '')
  const held = join(folder, 'held')
  // Creating the folder fails if another process holds the lock.
  const script = `
    import { mkdirSync, rmdirSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withFileLock } from ${JSON.stringify(new URL('./file-lock.mjs', import.meta.url).href)}
    for (let n = 0; n < 3; n++)
      await withFileLock(${JSON.stringify(path)}, async () => {
        mkdirSync(${JSON.stringify(held)})
        await sleep(5)
        rmdirSync(${JSON.stringify(held)})
      })`
  const codes = Array.from({ length: 6 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' })
    return new Promise((resolve) => child.once('close', resolve))
  })
  expect(await Promise.all(codes)).toEqual([0, 0, 0, 0, 0, 0])
  expect(readdirSync(path)).toEqual([])
})
