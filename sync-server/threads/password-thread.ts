import { compareSync } from 'bcryptjs'
import { passwordHashSchema } from '../../core/model/common.ts'
import { serve } from './serve.ts'

export type PasswordRequest = { readonly password: string; readonly hash: string }

/** An invalid hash, or one whose comparison would take too long, matches no password. Rows of older servers may hold such hashes. */
function fits(password: string, hash: string): boolean {
  return passwordHashSchema.safeParse(hash).success && compareSync(password, hash)
}

serve((body) => {
  const { password, hash } = body as PasswordRequest
  return fits(password, hash)
})
