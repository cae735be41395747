import { expect, test } from 'vitest'
import { SyncError } from '../../../core/sync/errors.ts'
import { problemText } from '../../../core/sync/problem-text.ts'
import { fromSyncFailure } from './network.ts'

test.each(['OPERATION_ALTERED', 'DEVICE_TAKEN', 'EPOCH', 'CURSOR', 'MALFORMED'] as const)(
  'a refusal with %s has the text that the status shows, not the server’s text',
  (code) => {
    const error = fromSyncFailure(new SyncError(code as 'CURSOR', 'words for a developer'))
    expect(error).toMatchObject({ code: 'REFUSED_BY_SERVER', message: problemText(code), data: { reason: code } })
  },
)

test('a refusal without its own text keeps the server’s text', () => {
  expect(fromSyncFailure(new SyncError('PUBLISH_KEY', 'The publish key is wrong'))).toMatchObject({
    message: 'The publish key is wrong. What was done here is kept.',
  })
})
