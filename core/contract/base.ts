import { oc } from '@orpc/contract'
import { z } from 'zod'
import { API_ERRORS } from '../errors.ts'
import { plainError } from '../plain-errors.ts'

// A refused request is shown to the person who made it.
z.config({ customError: plainError })

/** Every procedure may end with any of the product's typed errors. */
export const procedure = oc.errors(API_ERRORS)
