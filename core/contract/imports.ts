import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { idSchema } from '../id.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../model/call.ts'
import { requiredText, timestampSchema, timeZoneSchema } from '../model/common.ts'
import { procedure } from './base.ts'
import { importRunSchema, undoEventSchema } from './import-undo.ts'

/** Fields of a call that a column can fill. `externalId` is the row's own key in the file's system. */
export const IMPORT_FIELDS = [
  'externalId',
  'agent',
  'prospectName',
  'prospectEmail',
  'prospectPhone',
  'callType',
  'status',
  'outcome',
  'lossReason',
  'notes',
  'callDuration',
  'date',
  'time',
  'dateTime',
] as const
export const importFieldSchema = z.enum(IMPORT_FIELDS)
export type ImportField = z.infer<typeof importFieldSchema>

/**
 * How one field is filled: from a column (its header), with `values` translating what stands there (compared trimmed and without
 * regard to case; `*` catches the rest), or from a constant where no column is named.
 */
export const importFieldRuleSchema = z.object({
  column: z.string().max(500).optional(),
  /** Several columns joined by `separator`, for notes made of more than one column. */
  columns: z.array(z.string().max(500)).max(20).optional(),
  separator: z.string().max(10).default(' · '),
  values: z
    .record(z.string().max(500), z.string().max(500).nullable())
    .refine((values) => Object.keys(values).length <= 10_000, { message: 'At most 10,000 values' })
    .optional(),
  constant: z.string().max(500).optional(),
})
export type ImportFieldRule = z.infer<typeof importFieldRuleSchema>

/** A saved mapping, `map.json` for the CLI: which column fills which field, and how the file is to be read. */
export const importMapSchema = z.object({
  /** Names the system the file comes from; with the external id it identifies a row across imports. */
  source: z.string().trim().min(1).max(100).default('csv'),
  fields: z.partialRecord(importFieldSchema, importFieldRuleSchema),
  /** Luxon format of the date (or date and time) column, for example `d-MMM-yy`, or `ISO`. Absent: detected over the whole column. */
  dateFormat: z.string().max(50).optional(),
  /** Luxon format of the time column, for example `H:mm`. Absent: detected. */
  timeFormat: z.string().max(50).optional(),
  /** Zone of times that carry none. Absent: the client's. */
  timeZone: timeZoneSchema.optional(),
  /** Absent: detected. */
  delimiter: z.string().length(1).optional(),
  /** Absent: detected. */
  encoding: z.string().max(40).optional(),
  /** Make users of agents that the client does not know (needs the permission to edit users). */
  createAgents: z.boolean().default(true),
  /** Make loss reasons that the client does not know (needs the permission to edit loss reasons). */
  createLossReasons: z.boolean().default(true),
})
export type ImportMap = z.infer<typeof importMapSchema>
export type ImportMapInput = z.input<typeof importMapSchema>

/** The values a column may be translated to, for the fields that know a fixed set. */
export const IMPORT_FIELD_VALUES: Partial<Record<ImportField, readonly string[]>> = {
  callType: CALL_TYPES,
  status: CALL_STATUSES,
  outcome: CALL_OUTCOMES,
}

/** A mapping that was saved by name on this device. */
export const savedMapSchema = z.object({
  name: z.string(),
  /** The columns of the file that it was saved for. */
  header: z.array(z.string()),
  map: importMapSchema,
  savedAt: timestampSchema,
})
export type SavedMap = z.infer<typeof savedMapSchema>

const mapNameSchema = requiredText(100, 'A name')

export const importPreviewSchema = z.object({
  importId: idSchema,
  fileName: z.string(),
  encoding: z.string(),
  delimiter: z.string(),
  /** Data rows, without the header. */
  rowCount: z.int(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** The first few values as they stand in the file. */
      samples: z.array(z.string()),
      /** All different values where there are at most 50, else null: for mapping values. */
      distinct: z.array(z.string()).nullable(),
    }),
  ),
  suggestedMap: importMapSchema,
  /** Mappings that were saved for a file with the same columns, the newest first. */
  savedMaps: z.array(savedMapSchema),
  /** What a person should check before importing: an order of dates that nothing in the file decides, a field nothing was found for. */
  warnings: z.array(z.string()),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importIssueSchema = z.object({
  /** Line of the file at which the row begins, 1 = header. */
  line: z.int(),
  /** Column header, or null where the row as a whole is at fault. */
  column: z.string().nullable(),
  message: z.string(),
})
export type ImportIssue = z.infer<typeof importIssueSchema>

/** Refusals with the same column, reason and value. */
export const importRefusalGroupSchema = z.object({
  column: z.string().nullable(),
  message: z.string(),
  /** The file's value that was refused; null if the whole row is at fault. */
  value: z.string().nullable(),
  count: z.int(),
  /** The first lines. */
  lines: z.array(z.int()),
})
export type ImportRefusalGroup = z.infer<typeof importRefusalGroupSchema>

/** A call that a row of the file changes. */
export const importChangeSchema = z.object({
  line: z.int(),
  prospectName: z.string(),
  /** The call is completed and took place at another time, so the row is probably about another call. */
  isAnotherCall: z.boolean(),
  /** By field of a call: people and loss reasons by name, times in ms. */
  fields: z.array(
    z.object({
      field: z.string(),
      before: z.union([z.string(), z.number(), z.null()]),
      after: z.union([z.string(), z.number(), z.null()]),
    }),
  ),
})
export type ImportChange = z.infer<typeof importChangeSchema>

export const importReportSchema = z.object({
  importId: idSchema,
  dryRun: z.boolean(),
  cancelled: z.boolean(),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  /** The first 100 calls that are changed, before and after; `updated` counts all. */
  changes: z.array(importChangeSchema),
  /** Of `updated`, rows that are probably about another call. */
  otherCalls: z.int(),
  createdUsers: z.array(z.string()),
  createdLossReasons: z.array(z.string()),
  /** The first 200 refusals; `refused` counts all. */
  issues: z.array(importIssueSchema),
  /** Of `issues`, those about the file as a whole. */
  notes: z.array(importIssueSchema),
  /** Equal refusals in groups, the largest first, at most 200 groups. */
  groups: z.array(importRefusalGroupSchema),
  /** Every refused row with a reason column, as CSV with a byte order mark; null if none was refused. */
  refusedCsv: z.string().nullable(),
})
export type ImportReport = z.infer<typeof importReportSchema>

export const importEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('report'), report: importReportSchema }),
])
export type ImportEvent = z.infer<typeof importEventSchema>

export const importsContract = {
  /** Takes a file (CSV, at most 256 MB), keeps it aside, and says what is in it. Nothing is written to the workspace. */
  inspect: procedure.input(z.object({ file: z.file().max(256 * 1024 * 1024) })).output(importPreviewSchema),
  /**
   * Imports the file of an earlier `inspect`. A bad row is refused and reported and never stops the run. Aborting the stream
   * cancels: what is committed stays, and importing again goes on from there.
   */
  run: procedure
    .input(
      z.object({
        importId: idSchema,
        map: importMapSchema,
        dryRun: z.boolean().default(false),
        /** Whether calls that exist may be changed. If not, their rows are refused. A dry run counts them as updated. */
        overwrite: z.boolean().default(false),
      }),
    )
    .output(eventIterator(importEventSchema)),
  /** All saved mappings, the newest first. */
  maps: procedure.output(z.array(savedMapSchema)),
  /** Saves a mapping for files with these columns, in place of one with the same name. */
  saveMap: procedure
    .input(z.object({ name: mapNameSchema, header: z.array(z.string().max(1_000)).min(1).max(1_000), map: importMapSchema }))
    .output(z.object({ name: z.string() })),
  deleteMap: procedure.input(z.object({ name: z.string().max(100) })).output(z.object({ name: z.string() })),
  /** The imports that this device ran, newest first, at most 100. */
  list: procedure.output(z.array(importRunSchema)),
  /**
   * Takes back an import of this device: calls that it made are deleted, calls that it changed get their earlier values, calls that were
   * edited since stay as they are. Aborting the stream ends it after the calls under way; undoing again goes on from there.
   * @throws NOT_FOUND if this device did not run the import.
   */
  undo: procedure
    .input(z.object({ importId: idSchema, dryRun: z.boolean().default(false) }))
    .output(eventIterator(undoEventSchema)),
}
