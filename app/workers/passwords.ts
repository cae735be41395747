import { compareSync, hashSync } from 'bcryptjs'
import { serve } from './serve.ts'

export type PasswordRequest =
  | { readonly do: 'hash'; readonly password: string; readonly cost: number }
  | { readonly do: 'compare'; readonly password: string; readonly hash: string }

serve((body) => {
  const request = body as PasswordRequest
  return request.do === 'hash' ? hashSync(request.password, request.cost) : compareSync(request.password, request.hash)
})
