import { compareSync, hashSync } from 'bcryptjs'
import { passwordHashSchema } from '../../core/model/common.ts'
import { serve } from '../threads/serve.ts'

export type PasswordRequest =
  | { readonly do: 'hash'; readonly password: string; readonly cost: number }
  | { readonly do: 'compare'; readonly password: string; readonly hash: string }

/** bcrypt reads no further; a longer text would match every text with the same beginning. */
const MAX_BYTES = 72

/** An invalid hash, or one whose comparison would take too long, matches no password. Rows of older versions may hold such hashes. */
function fits(password: string, hash: string): boolean {
  if (!passwordHashSchema.safeParse(hash).success) return false
  // Compared in any case, so that a long password takes the same time.
  return compareSync(password, hash) && Buffer.byteLength(password) <= MAX_BYTES
}

serve((body) => {
  const request = body as PasswordRequest
  return request.do === 'hash' ? hashSync(request.password, request.cost) : fits(request.password, request.hash)
})
