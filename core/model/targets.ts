import { z } from 'zod'
import { isId, userIdSchema, type UserId } from '../id.ts'

/** The figures that can have a target: numbers of calls by month, and rates. */
export const TARGET_METRICS = ['completed', 'won', 'show_rate', 'close_rate', 'win_rate'] as const
export const targetMetricSchema = z.enum(TARGET_METRICS)
export type TargetMetric = z.infer<typeof targetMetricSchema>

export type RateMetric = Exclude<TargetMetric, 'completed' | 'won'>

export function isRateTarget(metric: TargetMetric): metric is RateMetric {
  return metric !== 'completed' && metric !== 'won'
}

const COUNT = 'Enter a whole number from 0 to 1,000,000'
const RATE = 'Enter a percentage from 0 to 100'
const countSchema = z.int(COUNT).min(0, COUNT).max(1_000_000, COUNT)
const rateSchema = z.number(RATE).min(0, RATE).max(1, RATE)

/** The schema of a target's value: a number of calls, or a rate of 0…1. */
export function targetValueSchema(metric: TargetMetric): z.ZodType<number> {
  return isRateTarget(metric) ? rateSchema : countSchema
}

const MONTH = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])$/
/** A month of the calendar, for example 2026-11. */
export const monthSchema = z.string().regex(MONTH, 'Enter a month as YYYY-MM, for example 2026-11')
export type Month = z.infer<typeof monthSchema>

/** The month, figure and person of a target. `userId` null: the team. */
export const targetPlaceSchema = z.object({
  month: monthSchema,
  userId: userIdSchema.nullable(),
  metric: targetMetricSchema,
})
export type TargetPlace = z.infer<typeof targetPlaceSchema>

export const targetSchema = targetPlaceSchema.extend({ value: z.number() })
export type Target = z.infer<typeof targetSchema>

/** A target to save; null removes it. */
export const targetChangeSchema = targetPlaceSchema
  .extend({ value: z.number().nullable() })
  .superRefine(({ metric, value }, context) => {
    const parsed = value === null ? undefined : targetValueSchema(metric).safeParse(value)
    if (parsed?.success === false)
      context.addIssue({ code: 'custom', path: ['value'], message: isRateTarget(metric) ? RATE : COUNT })
  })
export type TargetChange = z.infer<typeof targetChangeSchema>

/*
 * A target is one row of `client_settings`, so that two leads who set different figures of a month do not overwrite each other. The key is
 * `target:MONTH:team|PERSON:METRIC`. A removed target has the value null.
 */

const PREFIX = 'target:'
const TEAM = 'team'
/** The place of `team` or the person's id in a key, from 0. */
export const TARGET_PERSON_AT = `${PREFIX}YYYY-MM:`.length

export function targetKey({ month, userId, metric }: TargetPlace): string {
  return `${PREFIX}${month}:${userId ?? TEAM}:${metric}`
}

export function isTargetKey(key: string): boolean {
  return key.startsWith(PREFIX)
}

/** Returns the place of a target’s key; undefined if it is another key, or if its metric is of a newer release. */
export function parseTargetKey(key: string): TargetPlace | undefined {
  const [prefix, month = '', person = '', metric, ...rest] = key.split(':')
  const known = TARGET_METRICS.find((each) => each === metric)
  if (`${prefix}:` !== PREFIX || !MONTH.test(month) || known === undefined || rest.length > 0) return undefined
  if (person !== TEAM && !isId(person)) return undefined
  return { month, userId: person === TEAM ? null : person, metric: known }
}

/** Returns the person in the key of a target, even if its metric is of a newer release; null: the team, or another key. */
export function personOfTargetKey(key: string): UserId | null {
  if (!isTargetKey(key)) return null
  const person = key.slice(TARGET_PERSON_AT).split(':')[0] ?? ''
  return isId(person) ? person : null
}

/** Returns why a target's row cannot have this value; undefined if it can. */
export function brokenTarget(key: string, value: unknown): string | undefined {
  const place = parseTargetKey(key)
  if (place === undefined) return 'The server does not recognise this target'
  if (value === null) return undefined
  return targetValueSchema(place.metric).safeParse(value).error?.issues[0]?.message
}
