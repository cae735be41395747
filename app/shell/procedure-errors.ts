import { ORPCError } from '@orpc/server'

type Handled = { readonly matched: boolean }

/** For the `interceptors` of a transport. Refuses a request for a procedure that does not exist with a typed error. */
export async function refuseUnknownProcedure<R extends Handled>({ next }: { next: () => Promise<R> }): Promise<R> {
  const result = await next()
  if (!result.matched) throw new ORPCError('UNKNOWN_PROCEDURE', { status: 404, message: 'The application has no such procedure' })
  return result
}
