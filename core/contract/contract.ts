import { eventIterator } from '@orpc/contract'
import type { ContractRouterClient } from '@orpc/contract'
import { z } from 'zod'
import { UNSAVABLE_REASONS } from '../errors.ts'
import { clientIdSchema, userIdSchema, lossReasonIdSchema } from '../id.ts'
import { callCountsSchema, figureSchema, paretoRowSchema } from '../metrics/metrics.ts'
import { auditActionSchema, trailCoverageSchema, trailEntrySchema } from '../model/audit.ts'
import { emailSchema, newPasswordSchema, timestampSchema, timeZoneSchema } from '../model/common.ts'
import {
  clientSchema,
  lossReasonPatchSchema,
  lossReasonSchema,
  newLossReasonSchema,
  newUserSchema,
  userNameSchema,
  userPatchSchema,
  userSchema,
} from '../model/people.ts'
import { settingsPatchSchema, settingsSchema } from '../model/settings.ts'
import { timeRangeSchema } from '../time/time-range.ts'
import { draftValueSchema } from '../model/draft.ts'
import { procedure } from './base.ts'
import { bulkContract } from './bulk.ts'
import { callsContract, cursorSchema } from './calls.ts'
import { importsContract } from './imports.ts'
import { syncContract } from './sync.ts'

const userById = z.object({ id: userIdSchema })
const lossReasonById = z.object({ id: lossReasonIdSchema })
const password = z.string().max(1_000)

const signedIn = z.object({
  state: z.literal('signed_in'),
  user: userSchema,
  client: clientSchema,
  settings: settingsSchema,
  /** Why nothing can be saved now. Stored data can still be read. Absent: everything can be saved. */
  unsavable: z.enum(UNSAVABLE_REASONS).optional(),
})
export const sessionStateSchema = z.discriminatedUnion('state', [
  /** No workspace on this device yet. */
  z.object({ state: z.literal('first_start') }),
  z.object({
    state: z.literal('signed_out'),
    /** Why the session of this window ended: its time was over, or the account was deactivated. Absent: the person ended it, or there was none. */
    ended: z.enum(['time', 'deactivated']).optional(),
  }),
  /** The person whose session is locked. */
  z.object({ state: z.literal('locked'), user: userNameSchema, client: clientSchema.pick({ id: true, name: true }) }),
  signedIn,
])
export type SessionState = z.infer<typeof sessionStateSchema>
export type SignedIn = z.infer<typeof signedIn>

export const workspaceStatusSchema = z.object({
  clientId: clientIdSchema,
  path: z.string(),
  bytes: z.int(),
  schemaVersion: z.int(),
  calls: z.int(),
  users: z.int(),
  auditEntries: z.int(),
  outbox: z.int(),
})

export const reportSummarySchema = z.object({
  range: timeRangeSchema,
  counts: callCountsSchema,
  figures: z.array(figureSchema),
  lossReasons: z.array(paretoRowSchema),
  /** `own`: the figures contain only the person's own calls. */
  reach: z.enum(['own', 'all']),
  /** For a person who sees only their own figures: those of the whole team, without names; null if this device does not have all calls. */
  team: z.object({ counts: callCountsSchema, figures: z.array(figureSchema) }).nullable(),
})
export type ReportSummary = z.infer<typeof reportSummarySchema>

export const changeEventSchema = z.discriminatedUnion('kind', [
  /** Sent first, so that the reader knows that the stream is open. */
  z.object({ kind: z.literal('ready') }),
  /** Rows of these tables changed, in this or another process on this device; empty: any table. */
  z.object({ kind: z.literal('changed'), tables: z.array(z.string()) }),
  /** The session of this connection changed. Call `session.get`. */
  z.object({ kind: z.literal('session') }),
])
export type ChangeEvent = z.infer<typeof changeEventSchema>

/** The whole API. The types of the window's api, the handlers and the CLI derive from this contract. */
export const contract = {
  session: {
    get: procedure.output(sessionStateSchema),
    signIn: procedure.input(z.object({ email: emailSchema, password, clientId: clientIdSchema.optional() })).output(signedIn),
    signOut: procedure.output(z.object({})),
    lock: procedure.output(z.object({})),
    unlock: procedure.input(z.object({ password })).output(signedIn),
    /** Restarts the idle time, because the person used the keyboard or the pointer. */
    touch: procedure.output(z.object({})),
    changePassword: procedure.input(z.object({ current: password, next: newPasswordSchema })).output(z.object({})),
  },
  workspace: {
    /** Creates a client, its first admin and a few loss reasons, and signs the admin in. */
    create: procedure
      .input(
        z.object({
          clientName: clientSchema.shape.name,
          timeZone: timeZoneSchema,
          adminName: userSchema.shape.name,
          adminEmail: emailSchema,
          adminPassword: newPasswordSchema,
        }),
      )
      .output(signedIn),
    /** Creates a workspace with generated people and calls, and signs its admin in. Yields progress, then the session. */
    createDemo: procedure.output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
          z.object({ kind: z.literal('ready'), session: signedIn }),
        ]),
      ),
    ),
    status: procedure.output(workspaceStatusSchema),
    rename: procedure.input(clientSchema.pick({ name: true })).output(clientSchema),
  },
  users: {
    /** Returns the names of all people, also of deactivated ones. */
    names: procedure.output(z.array(userNameSchema)),
    list: procedure.output(z.array(userSchema)),
    create: procedure.input(newUserSchema).output(userSchema),
    update: procedure.input(userById.extend({ patch: userPatchSchema, expected: userPatchSchema.optional() })).output(userSchema),
    setActive: procedure.input(userById.extend({ isActive: z.boolean() })).output(userSchema),
    setPassword: procedure.input(userById.extend({ password: newPasswordSchema })).output(userSchema),
  },
  lossReasons: {
    list: procedure.output(z.array(lossReasonSchema)),
    create: procedure.input(newLossReasonSchema).output(lossReasonSchema),
    update: procedure
      .input(lossReasonById.extend({ patch: lossReasonPatchSchema, expected: lossReasonPatchSchema.optional() }))
      .output(lossReasonSchema),
    setActive: procedure.input(lossReasonById.extend({ isActive: z.boolean() })).output(lossReasonSchema),
  },
  calls: { ...callsContract, bulk: bulkContract },
  settings: {
    get: procedure.output(settingsSchema),
    update: procedure.input(settingsPatchSchema).output(settingsSchema),
  },
  reports: {
    /** `userIds` limits the report to some people. A person who sees only their own figures may give only their own id. */
    summary: procedure
      .input(z.object({ range: timeRangeSchema, userIds: z.array(userIdSchema).max(500).optional() }))
      .output(reportSummarySchema),
  },
  imports: importsContract,
  audit: {
    /**
     * Returns lines, newest first. On a connected workspace: unsent lines, then the server's trail in the order of the server. If the server
     * cannot be reached: the lines that this device recorded. A page may have fewer rows than `limit`, or none, although more pages follow.
     * @throws UNREACHABLE if the request is for a later page of the server's trail and the server cannot be reached.
     */
    list: procedure
      .input(
        z.object({
          recordId: z.string().max(100).optional(),
          tableName: z.string().max(50).optional(),
          userId: userIdSchema.optional(),
          actions: z.array(auditActionSchema).max(100).optional(),
          from: timestampSchema.optional(),
          to: timestampSchema.optional(),
          after: cursorSchema.nullable().default(null),
          limit: z.int().min(1).max(500).default(100),
        }),
      )
      .output(z.object({ rows: z.array(trailEntrySchema), next: cursorSchema.nullable(), coverage: trailCoverageSchema })),
  },
  drafts: {
    /** Returns the unsaved values that the signed-in person typed into a form; null if there are none. */
    get: procedure
      .input(z.object({ form: z.string().max(100) }))
      .output(z.object({ value: z.json(), updatedAt: timestampSchema }).nullable()),
    put: procedure.input(z.object({ form: z.string().max(100), value: draftValueSchema })).output(z.object({})),
    delete: procedure.input(z.object({ form: z.string().max(100) })).output(z.object({})),
  },
  sync: syncContract(signedIn),
  events: { subscribe: procedure.output(eventIterator(changeEventSchema)) },
}

export type Contract = typeof contract
export type Api = ContractRouterClient<Contract>
