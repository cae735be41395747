import { expect, test } from 'vitest'
import { addOutcomes, isSuccess, NOTHING, outcomeOf, summaryLines } from './outcome.ts'

const result = (name: string, state: 'passed' | 'failed' | 'skipped' | 'unfinished', reason?: string) => ({ name, state, reason })

test('the last line has the counts, after every failure and the reason of every skip', () => {
  const outcome = outcomeOf([
    result('adds', 'passed'),
    result('divides', 'failed'),
    result('opens Electron', 'skipped', 'no Electron here'),
    result('closes Electron', 'skipped', 'no Electron here'),
  ])
  const lines = summaryLines(outcome)
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 2 skipped')
  expect(lines).toContain('  divides')
  expect(lines.filter((line) => line.includes('no Electron here'))).toHaveLength(1)
  expect(lines).toContain('    closes Electron')
})

test('a skip without a reason and a test that never ended count as failures', () => {
  const outcome = outcomeOf([
    result('a', 'passed'),
    result('b', 'skipped'),
    result('c', 'skipped', ''),
    result('d', 'unfinished'),
  ])
  expect(outcome).toMatchObject({ passed: 1, skipped: [] })
  expect(outcome.failed).toHaveLength(3)
  expect(isSuccess(outcome)).toBe(false)
})

test('a run without tests or with skips only is not a success', () => {
  expect(isSuccess(NOTHING)).toBe(false)
  expect(isSuccess(outcomeOf([result('a', 'skipped', 'why')]))).toBe(false)
  expect(summaryLines(NOTHING)).toContain('No test ran, which is a failure.')
  expect(summaryLines(NOTHING).at(-1)).toBe('0 passed, 0 failed, 0 skipped')
  expect(isSuccess(outcomeOf([result('a', 'passed')]))).toBe(true)
})

test('the outcomes of several steps are added', () => {
  const one = outcomeOf([result('a', 'passed'), result('b', 'failed')])
  expect(addOutcomes([one, NOTHING, one])).toEqual({ passed: 2, failed: ['b', 'b'], skipped: [] })
})
