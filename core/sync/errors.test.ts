import { expect, test } from 'vitest'
import { SyncError, fromErrorBody, isSyncError } from './errors.ts'

test('the device rebuilds the same refusal that the server sent', () => {
  const errors = [
    new SyncError('THROTTLED', 'Wait', { retryAfter: 3 }),
    new SyncError('EPOCH', 'Another server', { epoch: 'e' }),
    new SyncError('UNAUTHENTICATED', 'Who?'),
    new SyncError('CHOOSE_CLIENT', 'Which?', { clients: [{ id: 'a', name: 'A' }] }),
  ]
  for (const error of errors) {
    const back = fromErrorBody(JSON.parse(JSON.stringify(error.toBody())))
    expect(back.toBody()).toEqual(error.toBody())
    expect(back.status).toBe(error.status)
  }
})

test('an answer in another form becomes INTERNAL, and its content is ignored', () => {
  for (const body of [
    null,
    'Bad gateway',
    {},
    { error: { code: 'NO_SUCH', message: '' } },
    { error: { code: 'THROTTLED', message: 'no data' } },
  ])
    expect(isSyncError(fromErrorBody(body), 'INTERNAL')).toBe(true)
})
