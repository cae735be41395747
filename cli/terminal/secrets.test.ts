import { expect, test } from 'vitest'
import { UsageError } from './failure.ts'
import type { CliIo } from './io.ts'
import { refusePasswordArguments, Secrets } from './secrets.ts'

function secrets(env: Record<string, string>, lines: readonly string[] = [], isTTY = false) {
  const left = [...lines]
  const asked: string[] = []
  const io = {
    env,
    stdin: { isTTY, secretLine: async () => left.shift() },
    stderr: { isTTY, write: (text: string) => void asked.push(text) },
  } as unknown as CliIo
  return { of: new Secrets(io), asked }
}

test.each([
  '--password',
  '--password=hunter2',
  '--new-password=x',
  '-password',
  '--pass',
  '--passwd=x',
  '--admin-password',
  '--PASSPHRASE=x',
])('%s is refused without repeating it', (argument) => {
  expect(() => refusePasswordArguments(['call', 'list', argument])).toThrow(UsageError)
  expect(() => refusePasswordArguments([argument])).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})

test.each(['--notes=passed the word', 'user', 'set-password', 'password', '--passenger', 'PROPAGANDA_PASSWORD'])(
  '%s is not a password argument',
  (argument) => {
    expect(() => refusePasswordArguments([argument])).not.toThrow()
  },
)

test('the environment comes before standard input', async () => {
  const { of } = secrets({ PROPAGANDA_PASSWORD: 'mine', PROPAGANDA_NEW_PASSWORD: 'new' }, ['line'])
  expect([await of.own('a@x'), await of.next('b@x'), await of.admin('a@x')]).toEqual(['mine', 'new', 'new'])
})

test('the admin’s password of a new workspace can be in either variable', async () => {
  expect(await secrets({ PROPAGANDA_PASSWORD: 'mine' }).of.admin('a@x')).toBe('mine')
})

test('each password uses the next line of standard input', async () => {
  const { of, asked } = secrets({}, ['mine', 'new'])
  expect([await of.own('a@x'), await of.next('b@x')]).toEqual(['mine', 'new'])
  expect(asked).toEqual([])
})

test('on a terminal the person is prompted for the password', async () => {
  const { of, asked } = secrets({}, ['typed'], true)
  expect(await of.own('a@x')).toBe('typed')
  expect(asked.join('')).toBe('Password of a@x: \n')
})

test.each([[[]], [['']]])('a missing password is reported (%j)', async (lines) => {
  await expect(secrets({ PROPAGANDA_PASSWORD: '' }, lines).of.own('a@x')).rejects.toThrow(/PROPAGANDA_PASSWORD/)
})
