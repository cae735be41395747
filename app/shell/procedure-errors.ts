import { ORPCError } from '@orpc/server'

type Handled = { readonly matched: boolean }

/** For a transport's `interceptors`: a request for a procedure that does not exist ends with a typed error like every other. */
export async function refuseUnknownProcedure<R extends Handled>({ next }: { next: () => Promise<R> }): Promise<R> {
  const result = await next()
  if (!result.matched) throw new ORPCError('UNKNOWN_PROCEDURE', { status: 404, message: 'The application has no such procedure' })
  return result
}
