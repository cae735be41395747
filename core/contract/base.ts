import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CONTRACT_ERRORS } from '../errors.ts'
import { plainError } from '../plain-errors.ts'

// People see the message of a refused request, so it must be plain.
z.config({ customError: plainError })

/** Every procedure can end with any typed error of the product. */
export const procedure = oc.errors(CONTRACT_ERRORS)
