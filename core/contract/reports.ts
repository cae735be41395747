import { z } from 'zod'
import { userIdSchema } from '../id.ts'
import { changeSchema } from '../metrics/change.ts'
import { callCountsSchema, figureSchema, hourCountsSchema, paretoRowSchema } from '../metrics/metrics.ts'
import { targetFigureSchema } from '../metrics/targets.ts'
import { callTypeSchema } from '../model/call-fields.ts'
import { BUCKET_SIZES, COMPARISONS } from '../time/report-periods.ts'
import { timeRangeSchema } from '../time/time-range.ts'
import { procedure } from './base.ts'
import { teamReportSchema } from './team-report.ts'

/** The most people that a report can be restricted to. */
export const MOST_CHOSEN = 500

/** The calls of a report. Absent or empty lists restrict nothing. A person who sees only their own figures may give only their own id. */
export const reportFilterSchema = z.object({
  range: timeRangeSchema,
  userIds: z.array(userIdSchema).max(MOST_CHOSEN).optional(),
  callTypes: z.array(callTypeSchema).max(10).optional(),
})
export type ReportFilter = z.infer<typeof reportFilterSchema>

export const reportRequestSchema = reportFilterSchema.extend({
  compare: z.enum(COMPARISONS).default('previous'),
  /** `auto`: days up to six weeks, weeks up to half a year, months above. */
  bucket: z.enum(['auto', ...BUCKET_SIZES]).default('auto'),
})
export type ReportRequest = z.infer<typeof reportRequestSchema>

const comparedFigureSchema = figureSchema.extend({
  /** The figure of the compared period; null: none. */
  former: figureSchema.nullable(),
  change: changeSchema,
})
export type ComparedFigure = z.infer<typeof comparedFigureSchema>

const bucketSchema = z.object({
  from: z.int(),
  to: z.int(),
  /** The bucket has not ended yet, or the period covers only a part of it. */
  isPartial: z.boolean(),
  counts: callCountsSchema,
})
export type ReportBucket = z.infer<typeof bucketSchema>

const personRowSchema = z.object({ userId: userIdSchema, counts: callCountsSchema, former: callCountsSchema.nullable() })
export type PersonRow = z.infer<typeof personRowSchema>

export const ageingSchema = z.object({
  /** Number of calls whose age is known. */
  count: z.int(),
  /** Nearest-rank quantiles of the ages, ms; null: no calls. */
  median: z.int().nullable(),
  p90: z.int().nullable(),
})
export type Ageing = z.infer<typeof ageingSchema>

/** `own`: the figures contain only the person's own calls. */
const reach = z.enum(['own', 'all'])

export const reportPageSchema = z.object({
  /** The period until now: events in the future are not counted. */
  range: timeRangeSchema,
  /** The compared period, of equal length; null: none. */
  compared: timeRangeSchema.nullable(),
  /** ms UTC. */
  computedAt: z.int(),
  zone: z.string(),
  reach,
  counts: callCountsSchema,
  former: callCountsSchema.nullable(),
  figures: z.array(comparedFigureSchema),
  bucketSize: z.enum(BUCKET_SIZES),
  /** The buckets of the period. If the period has no beginning, the first bucket is the first one with a call. */
  buckets: z.array(bucketSchema),
  /** The buckets of the compared period, in the same order. There may be one more or less. */
  formerBuckets: z.array(bucketSchema),
  lossReasons: z.array(paretoRowSchema),
  /** People with calls in one of the two periods. */
  people: z.array(personRowSchema),
  /** Age of undecided calls: now − completion. */
  undecided: ageingSchema,
  /** For a person who sees only their own figures: the team's average; null if this device does not have it. */
  team: teamReportSchema.nullable(),
  /** The targets of the chosen people, or of the team if none are chosen. Empty if none are set, or if call types are chosen. */
  targets: z.array(targetFigureSchema),
  /** The target for completed calls of each bucket, in the order of `buckets`; null: none. Empty if no bucket has one. */
  goals: z.array(z.number().nullable()),
  /** For a person who sees only their own figures: the team's targets. They have no pace, because the team's figures are not available. */
  teamTargets: z.array(targetFigureSchema),
})
export type ReportPage = z.infer<typeof reportPageSchema>

/** The metrics of a period, without the other parts of the report. */
export const reportSummarySchema = z.object({
  range: timeRangeSchema,
  counts: callCountsSchema,
  figures: z.array(figureSchema),
  lossReasons: z.array(paretoRowSchema),
  reach,
  team: reportPageSchema.shape.team,
  targets: reportPageSchema.shape.targets,
})

/** The counts of the 168 local hours of the week, from Monday 00:00. */
export const reportHoursSchema = z.object({ range: timeRangeSchema, hours: z.array(hourCountsSchema).length(168) })

export type ReportHours = z.infer<typeof reportHoursSchema>

export const reportsContract = {
  /** The report page without the hours of the week, read from one state of the database. */
  page: procedure.input(reportRequestSchema).output(reportPageSchema),
  hours: procedure.input(reportFilterSchema).output(reportHoursSchema),
  summary: procedure.input(reportFilterSchema).output(reportSummarySchema),
}
