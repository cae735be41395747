import { expect, test } from 'vitest'
import type { IntakeRequest } from '../threads/intake-thread.ts'
import { Intake, isShort } from './intake.ts'

const NO_CHARGE = () => {}
const BODY = { kind: 'push', encoding: 'identity' } as const

/** A thread whose answers the test sends. */
class FakeThread {
  readonly requests: { readonly asked: IntakeRequest; readonly answer: (json: Uint8Array | null) => void }[] = []

  request<T>(body: unknown): Promise<T> {
    return new Promise<T>((resolve) => {
      this.requests.push({ asked: body as IntakeRequest, answer: (json) => resolve(json as T) })
    })
  }

  answer(json: Uint8Array | null): void {
    this.requests.shift()?.answer(json)
  }
}

function threads() {
  const short = new FakeThread()
  const long = [new FakeThread(), new FakeThread()]
  return { short, long, intake: new Intake({ short, long }) }
}

test('a short body is checked while long ones keep all their threads busy', async () => {
  const { short, long, intake } = threads()
  for (let n = 0; n < 4; n++) void intake.check({ ...BODY, body: new Uint8Array(100_000) }, NO_CHARGE)
  expect(long.map(({ requests }) => requests.length)).toEqual([2, 2])
  const checked = intake.checkShort({ ...BODY, body: new Uint8Array(500) }, NO_CHARGE)
  expect(short.requests.map(({ asked }) => asked.only)).toEqual(['short'])
  const json = new Uint8Array(3)
  short.answer(json)
  expect(await checked).toBe(json)
})

test('a body that is long when packed or unpacked is checked by the threads for long bodies', async () => {
  const { short, long, intake } = threads()
  expect([500, 100_000].map((bytes) => isShort(new Uint8Array(bytes)))).toEqual([true, false])
  const body = Uint8Array.from({ length: 500 }, (_, at) => at % 256)
  const tried = intake.checkShort({ ...BODY, body }, NO_CHARGE)
  short.answer(null)
  expect(await tried).toBeNull()
  const checked = intake.check({ ...BODY, body }, NO_CHARGE)
  expect(long[0]?.requests[0]?.asked).toMatchObject({ body, only: null })
  const json = new Uint8Array(300_000)
  long[0]?.answer(json)
  expect(await checked).toBe(json)
})
