import { z } from 'zod'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Most characters of a draft as JSON. A call with the longest notes has 12,000. */
export const MAX_DRAFT_LENGTH = 256 * 1024
/** Most levels of a draft. Forms are flat. */
const MAX_DRAFT_NESTING = 16

/** Whether a value is JSON and has at most `limit` levels. It is not recursive, because the value may be deeper than the stack allows. */
function isFlatJson(value: unknown, limit: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const each of level) {
      if (typeof each === 'object' && each !== null) for (const inner of Object.values(each)) next.push(inner)
      else if (!(each === null || typeof each === 'string' || typeof each === 'boolean' || Number.isFinite(each))) return false
    }
    if (depth > limit) return false
    level = next
  }
  return true
}

/** The drafts of new calls that a person put aside to type another call, and those that they discarded, each under its own key. */
export const ASIDE_DRAFTS = 'aside:'
export const DISCARDED_DRAFTS = 'discarded:'
/** A discarded draft can be recovered for this long, ms. */
export const DISCARDED_KEPT = 24 * 60 * 60_000

/** Values of a form. Their size is checked before any recursive code reads them. */
export const draftValueSchema = z
  .custom<Json>((value) => isFlatJson(value, MAX_DRAFT_NESTING), {
    error: `A draft must be JSON that nests at most ${MAX_DRAFT_NESTING} levels`,
    abort: true,
  })
  .refine((value) => JSON.stringify(value).length <= MAX_DRAFT_LENGTH, {
    error: `The input is too long for a draft: at most ${MAX_DRAFT_LENGTH / 1024} kB`,
  })
