import { expect, test } from 'vitest'
import { SyncError, fromErrorBody, isSyncError } from './errors.ts'

test('a refusal is the same on the other side of the wire', () => {
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

test('an answer that is none of this server’s is INTERNAL, never trusted', () => {
  for (const body of [
    null,
    'Bad gateway',
    {},
    { error: { code: 'NO_SUCH', message: '' } },
    { error: { code: 'THROTTLED', message: 'no data' } },
  ])
    expect(isSyncError(fromErrorBody(body), 'INTERNAL')).toBe(true)
})
