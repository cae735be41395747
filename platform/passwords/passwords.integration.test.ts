import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { ErrorFacts } from '../../core/typed-error.ts'
import { Passwords } from './passwords.ts'

const closing = () => new Error('closing')
const errors = {
  fromFacts: (facts: ErrorFacts) => AppError.fromFacts(facts),
  fromFault: () => new Error('fault'),
  lost: closing,
  closing,
}
const passwords = new Passwords({ entry: new URL('./password-thread.ts', import.meta.url), errors }, 4)
afterAll(() => passwords.close())

test('a password fits its own hash only', async () => {
  const hash = await passwords.hash('correct horse')
  expect(hash).toMatch(/^\$2b\$04\$/)
  expect(await passwords.fits('correct horse', hash)).toBe(true)
  expect(await passwords.fits('correct horses', hash)).toBe(false)
  expect(await passwords.fits('correct horse', null)).toBe(false)
})

test('a password beyond the bytes that bcrypt reads fits nothing', async () => {
  const hash = await passwords.hash('x'.repeat(72))
  expect(await passwords.fits('x'.repeat(72), hash)).toBe(true)
  expect(await passwords.fits('x'.repeat(73), hash)).toBe(false)
})

test('an invalid hash fits nothing, and one with too high a cost is not compared', async () => {
  for (const hash of ['', 'correct horse', `$2b$00$${'a'.repeat(53)}`, `$2b$31$${'a'.repeat(53)}`])
    expect(await passwords.fits('correct horse', hash), hash).toBe(false)
})
