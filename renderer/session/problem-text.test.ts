import { expect, test } from 'vitest'
import * as core from '../../core/sync/problems.ts'
import { problemText, problemTitle } from './problem-text.ts'

test.each([...Object.keys(core.PROBLEMS), 'CODE_OF_ANOTHER_RELEASE'])(
  '%s: the window has the words of the application',
  (code) => {
    expect(problemTitle(code)).toBe(core.problemTitle(code))
    expect(problemText(code)).toBe(core.problemText(code))
  },
)

test('without a problem there is no text', () => {
  expect(problemText(null)).toBeNull()
})
