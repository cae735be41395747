import { expect, test } from 'vitest'
import { problemText, problemTitle } from './problem-text.ts'
import { isOfflineProblem, mostSevere, needsSignIn, PROBLEMS } from './problems.ts'

test('the most severe of several problems is shown', () => {
  expect(mostSevere([null, null])).toBeNull()
  expect(mostSevere([null, 'TOO_LARGE', 'EPOCH'])).toBe('EPOCH')
  expect(mostSevere(['UNAUTHENTICATED', 'EPOCH', 'DISK_FULL'])).toBe('UNAUTHENTICATED')
  expect(mostSevere(['NOT_THE_SERVER', 'DISK_FULL'])).toBe('DISK_FULL')
  // A code of a later release.
  expect(mostSevere(['NOT_THE_SERVER', 'SOMETHING_NEW'])).toBe('SOMETHING_NEW')
})

test('the text of every problem states what was kept, and the text of an unknown code contains the code', () => {
  for (const code of Object.keys(PROBLEMS)) expect(problemText(code), code).toMatch(/kept|was not changed/)
  for (const code of [...Object.keys(PROBLEMS), 'SOMETHING_NEW'])
    expect(problemText(code)?.startsWith(`${problemTitle(code).message}. `), code).toBe(true)
  expect(problemText('SOMETHING_NEW')).toContain('SOMETHING_NEW')
  expect(problemText(null)).toBeNull()
  expect(problemText('toString'), 'not a property of every object').toContain('toString')
  expect([needsSignIn('DEVICE_TAKEN'), needsSignIn('EPOCH'), isOfflineProblem('NOT_THE_SERVER')]).toEqual([true, false, true])
})
