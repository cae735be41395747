import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { Fault, ThreadErrors } from './failure.ts'
import type { SampleRequest } from './testing/sample-thread.ts'
import { Thread, type ThreadOptions } from './thread.ts'

const entry = new URL('./testing/sample-thread.ts', import.meta.url)

class FaultError extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

const ERRORS: ThreadErrors = {
  fromFacts: (facts) => AppError.fromFacts(facts),
  fromFault: (fault) => new FaultError(fault),
  lost: (name, cause) => new Error(`${name} lost`, { cause }),
  closing: () => new Error('closing'),
}

const threads: Thread[] = []
afterEach(async () => void (await Promise.all(threads.splice(0).map((thread) => thread.close()))))

function start(options: Partial<ThreadOptions> = {}) {
  const thread = new Thread({ entry, data: { sample: 1 }, name: 'sample', errors: ERRORS, ...options })
  threads.push(thread)
  return { thread, ask: <T>(request: SampleRequest) => thread.request<T>(request) }
}

test('requests are answered in any order, and each gets its own answer', async () => {
  const { ask } = start()
  const order: unknown[] = []
  const each = [40, 0, 20].map(async (ms) => order.push(await ask({ do: 'echo', value: ms, ms })))
  await Promise.all(each)
  expect(order).toEqual([0, 20, 40])
  expect(await ask({ do: 'data' })).toEqual({ sample: 1 })
})

test('a typed error keeps its code and its data; any other error is a fault with its code and its stack', async () => {
  const { ask } = start()
  const refused = await ask({ do: 'refuse' }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'CONFLICT', message: 'The name is taken', data: { field: 'name' } })
  const failed = await ask({ do: 'fail' }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(FaultError)
  expect((failed as FaultError).fault).toMatchObject({ message: 'A bug', reason: 'SQLITE_FULL' })
  expect((failed as FaultError).fault.stack).toContain('sample-thread.ts')
})

test('a notice reaches the owner without a request', async () => {
  const notices: unknown[] = []
  const { ask } = start({ onNotice: (notice) => notices.push(notice) })
  await ask({ do: 'notify', notice: 'changed' })
  expect(notices).toEqual(['changed'])
})

test('moved memory is no longer usable here, and the time of the work is reported', async () => {
  const { thread, ask } = start()
  const bytes = new Uint8Array(20_000)
  const worked: number[] = []
  const body: SampleRequest = { do: 'echo', value: bytes, ms: 20 }
  const answer = await thread.request<Uint8Array>(body, { move: [bytes.buffer], onWorked: (ms) => worked.push(ms) })
  expect([bytes.length, answer.length, worked.length]).toEqual([0, 20_000, 1])
  expect(worked[0]).toBeGreaterThan(15)
  expect(await ask<Uint8Array>({ do: 'bytes', length: 50_000 })).toHaveLength(50_000)
})

test('if the thread ends, its open requests are refused, and the next request starts another thread', async () => {
  const { ask } = start()
  const open = ask({ do: 'hang' })
  const crash = ask({ do: 'crash' })
  await expect(open).rejects.toThrow('sample lost')
  await expect(crash).rejects.toThrow('sample lost')
  expect(await ask({ do: 'echo', value: 'again' })).toBe('again')
})

test('a thread that cannot load refuses its requests with the reason and reports the loss', async () => {
  const lost: Error[] = []
  const { ask } = start({ entry: new URL('./testing/missing.ts', import.meta.url), onLost: (error) => lost.push(error) })
  const failed = await ask({ do: 'echo', value: 1 }).catch((error: unknown) => error)
  expect(failed).toMatchObject({ message: 'sample lost', cause: lost[0] })
  expect(lost[0]?.message).toContain('missing.ts')
})

test('closing answers the open requests and refuses later ones', async () => {
  const { thread, ask } = start()
  const open = ask({ do: 'echo', value: 'done', ms: 50 })
  const closed = thread.close()
  await expect(ask({ do: 'echo', value: 'late' })).rejects.toThrow('closing')
  expect(await open).toBe('done')
  await closed
})

test('closing ends a thread that does not answer in time', async () => {
  const { thread, ask } = start({ closePatienceMs: 50 })
  const stuck = ask({ do: 'hang' }).catch((error: unknown) => error)
  await thread.close()
  expect(await stuck).toMatchObject({ message: 'sample lost' })
})

test('a request whose answer cannot be sent is refused, and the thread still answers', async () => {
  const lost: Error[] = []
  const { ask } = start({ onLost: (error) => lost.push(error) })
  await expect(ask({ do: 'function' })).rejects.toThrow('could not be cloned')
  expect(await ask({ do: 'echo', value: 'next' })).toBe('next')
  expect(lost).toEqual([])
})

test('a request that cannot be sent is refused, and does not keep the process alive', () => {
  const { status, stdout, stderr } = runThread(`
      const fails = () => thread.request(() => {}).catch((error) => console.log(error.name))
      fails().then(() => thread.request({ do: 'echo', value: 'answered' })).then(console.log).then(fails)`)
  expect([status, stdout.trim().split('\n'), stderr]).toEqual([0, ['DataCloneError', 'answered', 'DataCloneError'], ''])
})

test('an idle thread does not keep the process alive, and one with an open request does', () => {
  const { status, stdout, stderr } = runThread(`thread.request({ do: 'echo', value: 'answered', ms: 50 }).then(console.log)`)
  expect([status, stdout.trim(), stderr]).toEqual([0, 'answered', ''])
})

/** Runs a script with a `thread` in a process of its own. */
function runThread(body: string) {
  const script = `
    const errors = { fromFacts: (facts) => facts, fromFault: (fault) => fault, lost: () => new Error(), closing: () => new Error() }
    import(${JSON.stringify(new URL('./thread.ts', import.meta.url).href)}).then(({ Thread }) => {
      const thread = new Thread({ entry: new URL(${JSON.stringify(entry.href)}), data: null, name: 'sample', errors })
      ${body}
    })`
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 20_000 })
}
