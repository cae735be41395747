import { oc } from '@orpc/contract'
import { API_ERRORS } from '../errors.ts'

/** Every procedure may end with any of the product's typed errors. */
export const procedure = oc.errors(API_ERRORS)
