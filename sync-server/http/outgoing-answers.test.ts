import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OutgoingAnswers } from './outgoing-answers.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

class Response extends EventEmitter {
  destroyed = false

  destroy(): this {
    this.destroyed = true
    this.emit('close')
    return this
  }
}

const LIMITS = { bytes: 5_000_000, bytesOfRequester: 2_000_000, drainMs: 60_000 }
const full = expect.objectContaining({ code: 'UNAVAILABLE' })

/** Requests answers of a megabyte without reading them, until one is refused. */
function requestWithoutReading(answers: OutgoingAnswers, requester: string): Response[] {
  const open: Response[] = []
  for (let n = 0; n < 100; n++) {
    try {
      answers.requireRoom(requester)
    } catch (error) {
      expect(error).toEqual(full)
      return open
    }
    const response = new Response()
    answers.hold(requester, 1_000_000, response as never)
    open.push(response)
  }
  return open
}

test('a requester that does not read its answers gets no more; other requesters do', () => {
  const answers = new OutgoingAnswers(LIMITS)
  const [first] = requestWithoutReading(answers, 'a')
  expect(answers.bytes).toBe(2_000_000)
  expect(requestWithoutReading(answers, 'b')).toHaveLength(2)
  first?.destroy()
  answers.requireRoom('a')
})

test('the answers of all requesters together are bounded too', () => {
  const answers = new OutgoingAnswers(LIMITS)
  for (let n = 0; n < 50; n++) requestWithoutReading(answers, `requester ${n}`)
  expect(answers.bytes).toBeLessThanOrEqual(LIMITS.bytes + 1_000_000)
})

test('an answer that is not read in time is dropped with its connection', () => {
  const answers = new OutgoingAnswers(LIMITS)
  const open = requestWithoutReading(answers, 'a')
  vi.advanceTimersByTime(LIMITS.drainMs)
  expect(open.every(({ destroyed }) => destroyed)).toBe(true)
  expect(answers.bytes).toBe(0)
})

test('an answer to a closed connection is not counted', () => {
  const answers = new OutgoingAnswers(LIMITS)
  answers.hold('a', 1_000_000, new Response().destroy() as never)
  expect(answers.bytes).toBe(0)
})
