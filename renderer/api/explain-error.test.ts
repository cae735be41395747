import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { API_ERRORS, explainedError, STORAGE_REASONS, withKept, type AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { storageError } from '../../core/storage-text.ts'
import { ConnectionLostError, NoAnswerError } from './connection.ts'
import { clientChoice, errorCode, explainError, fieldErrors, isSessionError, isTransient, throttledMs } from './explain-error.ts'

const error = (code: string, data?: unknown, message = 'The words of the application.') => new ORPCError(code, { data, message })

test.each(Object.keys(API_ERRORS))('%s has a text with what happened, and what was kept or what to do', (code) => {
  const { title, detail } = explainError(error(code, { hint: 'Save it as CSV.', reason: 'busy' }))
  expect(title).not.toBe('Something went wrong')
  expect(detail.length).toBeGreaterThan(10)
  expect(`${title} ${detail}`).not.toMatch(/undefined|\[object|orpc/i)
})

test('each reason of a storage error has its own text', () => {
  const texts = STORAGE_REASONS.map((reason) => explainError(error('STORAGE', { reason })).title)
  expect(new Set(texts).size).toBe(STORAGE_REASONS.length)
})

const received = ({ code, data, message, said }: AppError) =>
  explainError(error(code, { ...(data as object | undefined), said }, message))

test.each(STORAGE_REASONS)('the text takes what was kept from the application, and does not repeat the title (%s)', (reason) => {
  const failure = storageError(reason, null)
  const some = received(withKept(failure, sentence('import.partial', { rows: 2500 })))
  expect(some.detail).toBe(`${failure.data.kept} 2,500 rows were imported; import the same file again to continue.`)
  const nothing = received(storageError(reason, sentence('storage.unsaved')))
  for (const { title, detail } of [nothing, some]) expect(detail).not.toContain(title)
})

test.each(['FORBIDDEN', 'ACCOUNT_DEACTIVATED'] as const)('%s: the title is not repeated', (code) => {
  const data = { permission: 'calls.edit' }
  const { title, detail } = received(
    explainedError(code, { message: 'It happened.' }, { message: 'It is kept; ask an admin.' }, data),
  )
  expect(title).not.toBe('It happened.')
  expect(detail).toBe('It is kept; ask an admin.')
})

test('if the message names the conflicting record, the message is shown', () => {
  expect(explainError(error('CONFLICT', {}, 'Someone has this e-mail already.')).detail).toBe('Someone has this e-mail already.')
  expect(explainError(error('UNREADABLE_FILE', { hint: 'Save it.' }, 'Unreadable. Save it.')).detail).toBe('Unreadable. Save it.')
})

test('a request that may have run is not reported as unsaved', () => {
  expect(explainError(new ConnectionLostError(true)).detail).toContain('may already be saved')
  expect(explainError(new ConnectionLostError(false)).detail).not.toContain('may already be saved')
})

test('an unknown failure shows no internal text', () => {
  for (const unknown of [new Error('SQLITE_ERROR: secret'), 'text', null, error('INTERNAL_SERVER_ERROR', { sql: 'secret' })])
    expect(JSON.stringify(explainError(unknown))).not.toContain('secret')
})

test('issues of fields are found, with the text of the rule', () => {
  const issues = [
    { path: 'outcome', message: 'A completed call needs an outcome' },
    { path: ['patch', 'prospectName'], message: 'Too long' },
    { path: '', message: 'of no field' },
  ]
  expect(fieldErrors(error('INVALID', { issues }))).toEqual({
    outcome: 'A completed call needs an outcome',
    prospectName: 'Too long',
  })
  expect(fieldErrors(error('CONFLICT', { field: 'email' }, 'Someone has it.'))).toEqual({ email: 'Someone has it.' })
  expect(fieldErrors(new Error('no'))).toEqual({})
})

test('a refused sign-in carries the wait and the clients to choose from', () => {
  expect(throttledMs(error('THROTTLED', { retryAt: 1_800_000_000_000, waitMs: 1_000 }))).toBe(1_000)
  expect(throttledMs(error('WRONG_CREDENTIALS'))).toBeUndefined()
  const clients = [{ id: 'a', name: 'Acme' }]
  expect(clientChoice(error('CHOOSE_CLIENT', { clients }))).toEqual(clients)
  expect(clientChoice(error('CONFLICT', { clients }))).toBeUndefined()
})

test('errors are classified by what the screen does about them', () => {
  expect(
    ['UNAUTHENTICATED', 'SESSION_EXPIRED', 'SESSION_LOCKED', 'FORBIDDEN'].map((code) => isSessionError(error(code))),
  ).toEqual([true, true, true, false])
  expect(isTransient(error('STORAGE', { reason: 'busy' }))).toBe(true)
  expect(isTransient(error('STORAGE', { reason: 'full' }))).toBe(false)
  expect(isTransient(new NoAnswerError())).toBe(true)
  expect(errorCode(new Error('x'))).toBeUndefined()
})
