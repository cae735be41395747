import { compareSync, hashSync } from 'bcryptjs'
import { serve } from './serve.ts'

export type PasswordRequest =
  | { readonly do: 'compare'; readonly password: string; readonly hash: string }
  /** A hash that no password fits, to compare with where there is no account. */
  | { readonly do: 'decoy'; readonly cost: number }

serve((body) => {
  const request = body as PasswordRequest
  return request.do === 'compare' ? compareSync(request.password, request.hash) : hashSync('decoy', request.cost)
})
