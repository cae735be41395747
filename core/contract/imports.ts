import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { idSchema } from '../id.ts'
import { DURATION_FORMATS } from '../import/duration.ts'
import { DECIMAL_SIGNS } from '../import/number-text.ts'
import {
  CALL_FIELD_NAMES,
  type CALL_FIELDS,
  CALL_OUTCOMES,
  CALL_STATUSES,
  CALL_TYPES,
  describeField,
  type CallField,
} from '../model/call-fields.ts'
import { sentenceSchema } from '../messages/text.ts'
import { requiredText, timestampSchema, timeZoneSchema } from '../model/common.ts'
import { procedure } from './base.ts'
import { importRunSchema, undoEventSchema } from './import-undo.ts'

type Source<F extends CallField> = (typeof CALL_FIELDS)[F] extends { readonly importedFrom: readonly (infer S extends string)[] }
  ? S
  : F
/** A field of a map: one that fills a field of a call, the row's own key in the file's system, or a part of the time. */
type MapField = { [F in CallField]: Source<F> }[CallField] | 'externalId' | 'time'

/** For each field of a call the fields of a map that fill it. */
export const IMPORT_SOURCES = Object.fromEntries(
  CALL_FIELD_NAMES.map((field) => [field, describeField(field).importedFrom ?? [field]]),
) as unknown as { readonly [F in CallField]: readonly Source<F>[] }

const TIMES = ['date', 'time', 'dateTime'] as const

/** Fields of a call that a column can fill. `externalId` is the row's own key in the file's system. */
export const IMPORT_FIELDS: readonly MapField[] = [
  'externalId',
  ...CALL_FIELD_NAMES.flatMap((field): readonly MapField[] => IMPORT_SOURCES[field]).filter(
    (field) => !TIMES.some((time) => time === field),
  ),
  ...TIMES,
]
export const importFieldSchema = z.enum(IMPORT_FIELDS)
export type ImportField = z.infer<typeof importFieldSchema>

/** Most characters of a column name. Exports of forms have whole questions as headers; a longer one is cut. */
export const MAX_COLUMN_NAME = 2_000

/**
 * How one field is filled: from a column, given by its header, or from a constant if no column is given. `values` maps the values of the
 * column. They are compared without surrounding spaces and in any case; `*` maps all others.
 */
export const importFieldRuleSchema = z.object({
  column: z.string().max(MAX_COLUMN_NAME).optional(),
  /** Several columns, joined by `separator`, for example for notes. */
  columns: z.array(z.string().max(MAX_COLUMN_NAME)).max(20).optional(),
  separator: z.string().max(10).default(' · '),
  values: z
    .record(z.string().max(500), z.string().max(500).nullable())
    .refine((values) => Object.keys(values).length <= 10_000, { message: 'At most 10,000 values' })
    .optional(),
  constant: z.string().max(500).optional(),
})
export type ImportFieldRule = z.infer<typeof importFieldRuleSchema>

/** A mapping: which column fills which field, and how the file is read. The CLI reads it from a JSON file. */
export const importMapSchema = z.object({
  /** Name of the system that wrote the file. With the external id it identifies a row across imports. */
  source: z.string().trim().min(1).max(100).default('csv'),
  fields: z.partialRecord(importFieldSchema, importFieldRuleSchema),
  /** Luxon format of the date (or date and time) column, for example `d-MMM-yy`, or `ISO`. Absent: detected over the whole column. */
  dateFormat: z.string().max(50).optional(),
  /** Luxon format of the time column, for example `H:mm`. Absent: detected. */
  timeFormat: z.string().max(50).optional(),
  /** Unit of plain numbers in the column of durations, or the meaning of two numbers with a colon. Absent: detected, or a question if unclear. */
  durationFormat: z.enum(DURATION_FORMATS).optional(),
  /** Decimal sign of the durations, for values such as `1,234`. Absent: detected, or a question if unclear. */
  durationDecimal: z.enum(DECIMAL_SIGNS).optional(),
  /** Zone of times without a zone. Absent: that of the client. */
  timeZone: timeZoneSchema.optional(),
  /** Absent: detected. */
  delimiter: z
    .string()
    .regex(/^[^"\r\n]$/, { message: 'One character, no quotation mark or line break' })
    .optional(),
  /** Absent: detected. */
  encoding: z.string().max(40).optional(),
  /** Line of the file that names the columns, from 1; 0: none does. Absent: detected. */
  headerLine: z.int().min(0).max(10_000_000).optional(),
  /**
   * Whether a quoted value may span lines. False: every line is a row, and a quotation mark that is not closed on its line is text.
   * Absent: it may, unless the lines inside it look like rows; then these are refused.
   */
  multilineCells: z.boolean().optional(),
  /** Sheet of a workbook. Absent: the first one with rows. */
  sheet: z.string().max(100).optional(),
  /** Creates users for unknown agents (requires the permission to edit users). */
  createAgents: z.boolean().default(true),
  /** Creates unknown loss reasons (requires the permission to edit loss reasons). */
  createLossReasons: z.boolean().default(true),
})
export type ImportMap = z.infer<typeof importMapSchema>
export type ImportMapInput = z.input<typeof importMapSchema>

/** The part of a mapping that determines how a file becomes rows. */
export const importReadingSchema = importMapSchema.pick({
  encoding: true,
  delimiter: true,
  headerLine: true,
  multilineCells: true,
  sheet: true,
})
export type ImportReading = z.infer<typeof importReadingSchema>

/** The values to which a column can be mapped, for fields with a fixed set of values. */
export const IMPORT_FIELD_VALUES: Partial<Record<ImportField, readonly string[]>> = {
  callType: CALL_TYPES,
  status: CALL_STATUSES,
  outcome: CALL_OUTCOMES,
}

/**
 * Counts of the lines of a file by kind. `before`: lines before the header. `continued`: lines of a row that began on an earlier line.
 * lines = before + header + blank + rows + continued, and rows = created + updated + unchanged + refused of a complete run.
 */
export const lineAccountSchema = z.object({
  lines: z.int(),
  before: z.int(),
  header: z.int(),
  blank: z.int(),
  rows: z.int(),
  continued: z.int(),
  /** The first 200 rows that span lines. */
  spans: z.array(z.object({ line: z.int(), lastLine: z.int() })),
})
export type LineAccount = z.infer<typeof lineAccountSchema>
/** How the values of a column are used. `filled` is the sum of the five counts after it. */
export const columnUsageSchema = z.object({
  column: z.string(),
  /** The fields that the column fills; none: it is not used. */
  fields: z.array(importFieldSchema),
  /** Formats of dates or durations with which the values are read; none: they are used as is. */
  readAs: z.array(sentenceSchema),
  /** Cells that are not blank. */
  filled: z.int(),
  used: z.int(),
  /** Used without characters that a spreadsheet or a link put around them. */
  cleaned: z.int(),
  /** Used as is, but they do not look like values of the field. */
  doubted: z.int(),
  /** In rows that are imported without this value, or in a column that is not used. */
  leftOut: z.int(),
  /** In rows that are refused, because of this value or another one. */
  refused: z.int(),
  /** One example of each reason for which values were not used as is. */
  examples: z.array(z.object({ line: z.int(), value: z.string(), became: z.string().nullable(), why: sentenceSchema })),
})
export type ColumnUsage = z.infer<typeof columnUsageSchema>

/** A question about a file that nothing in it answers. An option of the mapping answers it. */
export const importQuestionSchema = sentenceSchema.extend({
  option: z.enum(['durationFormat', 'durationDecimal']),
  column: z.string(),
  /** The values of the option that fit the file. */
  choices: z.array(z.string()),
})
export type ImportQuestion = z.infer<typeof importQuestionSchema>

export const importColumnsSchema = z.object({
  /** One per column, in the order of the file. */
  usages: z.array(columnUsageSchema),
  /** Number of rows, from the beginning of the file, that the usages count. */
  countedRows: z.int(),
  /** An import is refused until the mapping answers them. */
  questions: z.array(importQuestionSchema),
})
export type ImportColumns = z.infer<typeof importColumnsSchema>
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
  kind: z.enum(['csv', 'xlsx']),
  /** Of a workbook: `xlsx`. */
  encoding: z.string(),
  /** Of a workbook: empty. */
  delimiter: z.string(),
  /** Line of the header; 0: the file has none. */
  headerLine: z.int(),
  /** Data rows, without the header. */
  rowCount: z.int(),
  lineAccount: lineAccountSchema,
  /** The first lines of the file, unchanged. */
  firstLines: z.array(z.string()),
  /** Sample values in each encoding, the most likely first; empty if the encoding makes no difference. */
  encodings: z.array(z.object({ encoding: z.string(), samples: z.array(z.string()) })),
  /** Whether a person must decide with `multilineCells` if quoted values span lines or quotation marks are unclosed. */
  asksMultiline: z.boolean(),
  /** Names of the sheets of a workbook, and the sheet that was read. */
  sheets: z.array(z.string()),
  sheet: z.string().nullable(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** The first few values, unchanged. */
      samples: z.array(z.string()),
      /** All different values, for mapping them; null if there are more than 50. */
      distinct: z.array(z.string()).nullable(),
    }),
  ),
  suggestedMap: importMapSchema,
  /** How the suggested mapping uses the columns. */
  usages: importColumnsSchema,
  /** Mappings that were saved for a file with the same columns, the newest first. */
  savedMaps: z.array(savedMapSchema),
  /** What a person should check before the import, for example an order of dates that nothing in the file decides. */
  warnings: z.array(sentenceSchema),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importIssueSchema = sentenceSchema.extend({
  /** Line of the file at which the row begins, 1 = header. */
  line: z.int(),
  /** Header of the column; null if the whole row is at fault. */
  column: z.string().nullable(),
})
export type ImportIssue = z.infer<typeof importIssueSchema>

/** Refusals with the same column, reason and value. */
export const importRefusalGroupSchema = sentenceSchema.extend({
  column: z.string().nullable(),
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

/** A row that schedules an outbound call with a prospect who is on the do-not-call list. */
const listedRowSchema = z.object({ line: z.int(), prospectName: z.string() })
export type ListedRow = z.infer<typeof listedRowSchema>

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
  /** Of `created` and `updated`, outbound calls that are scheduled with prospects who do not want to be called. They are written. */
  doNotCall: z.int(),
  /** The first 100 of them. */
  doNotCallRows: z.array(listedRowSchema),
  createdUsers: z.array(z.string()),
  createdLossReasons: z.array(z.string()),
  /** Counts of the lines by kind; null if the run was cancelled. */
  lineAccount: lineAccountSchema.nullable(),
  /** What a person should check about how the file was read. */
  readingWarnings: z.array(sentenceSchema),
  /** How the values of each column were used, before the workspace accepted or refused the rows. */
  columns: z.array(columnUsageSchema),
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

/** The largest file that can be imported, bytes. */
export const MAX_IMPORT_BYTES = 256 * 1024 * 1024

export const importsContract = {
  /** Stores a file (CSV or XLSX, at most 256 MB) in memory and returns its preview. Nothing is written to the workspace. */
  inspect: procedure
    .input(z.object({ file: z.file().max(MAX_IMPORT_BYTES), reading: importReadingSchema.default({}) }))
    .output(importPreviewSchema),
  /** Reads the file of an earlier `inspect` again, with the choices of a person. */
  reread: procedure.input(z.object({ importId: idSchema, reading: importReadingSchema })).output(importPreviewSchema),
  /** Returns how a mapping would use the columns of an inspected file, by the beginning of the file. Nothing is written. */
  columns: procedure.input(z.object({ importId: idSchema, map: importMapSchema })).output(importColumnsSchema),
  /**
   * Imports the file of an earlier `inspect`. A bad row is refused and reported and never stops the run. Aborting the stream cancels
   * the run: committed rows are kept, and a second import continues from there.
   */
  run: procedure
    .input(
      z.object({
        importId: idSchema,
        map: importMapSchema,
        dryRun: z.boolean().default(false),
        /** Whether existing calls may be changed. If not, their rows are refused. A dry run counts them as updated. */
        overwrite: z.boolean().default(false),
      }),
    )
    .output(eventIterator(importEventSchema)),
  /** All saved mappings, the newest first. */
  maps: procedure.output(z.array(savedMapSchema)),
  /** Saves a mapping for files with these columns. Replaces one with the same name. */
  saveMap: procedure
    .input(
      z.object({ name: mapNameSchema, header: z.array(z.string().max(MAX_COLUMN_NAME)).min(1).max(1_000), map: importMapSchema }),
    )
    .output(z.object({ name: z.string() })),
  deleteMap: procedure.input(z.object({ name: z.string().max(100) })).output(z.object({ name: z.string() })),
  /** The imports that this device ran, newest first, at most 100. */
  list: procedure.output(z.array(importRunSchema)),
  /**
   * Undoes an import of this device: deletes the calls that it created and restores the earlier values of the calls that it changed. Calls
   * that were edited since are not changed. Aborting the stream ends the undo after the current transaction; another undo continues there.
   * @throws NOT_FOUND if this device did not run the import.
   */
  undo: procedure
    .input(z.object({ importId: idSchema, dryRun: z.boolean().default(false) }))
    .output(eventIterator(undoEventSchema)),
}
