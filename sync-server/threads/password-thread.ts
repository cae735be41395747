import { compareSync, hashSync } from 'bcryptjs'
import { passwordHashSchema } from '../../core/model/common.ts'
import { serve } from './serve.ts'

export type PasswordRequest =
  | { readonly do: 'compare'; readonly password: string; readonly hash: string }
  /** A hash that no password fits, to compare with where there is no account. */
  | { readonly do: 'decoy'; readonly cost: number }

/** A hash that is none, or would take too long, fits nothing. Rows of older servers may hold such hashes. */
function fits(password: string, hash: string): boolean {
  return passwordHashSchema.safeParse(hash).success && compareSync(password, hash)
}

serve((body) => {
  const request = body as PasswordRequest
  return request.do === 'compare' ? fits(request.password, request.hash) : hashSync('decoy', request.cost)
})
