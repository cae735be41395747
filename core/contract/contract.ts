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
import { timeRangeSchema } from '../time-range.ts'
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
  /** Why nothing can be saved at present; what is stored can be read. Left out: everything can be saved. */
  unsavable: z.enum(UNSAVABLE_REASONS).optional(),
})
export const sessionStateSchema = z.discriminatedUnion('state', [
  /** No workspace on this device yet. */
  z.object({ state: z.literal('first_start') }),
  z.object({
    state: z.literal('signed_out'),
    /** Why the session of this window ended, where the person did not end it: its time was up, or the account was deactivated. */
    ended: z.enum(['time', 'deactivated']).optional(),
  }),
  /** Whose session waits for the password. */
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
  /** `own`: the figures are the reader's own calls only. */
  reach: z.enum(['own', 'all']),
  /** For a reader of own figures: the whole team’s, without names; null where this device does not have everyone’s calls. */
  team: z.object({ counts: callCountsSchema, figures: z.array(figureSchema) }).nullable(),
})
export type ReportSummary = z.infer<typeof reportSummarySchema>

export const changeEventSchema = z.discriminatedUnion('kind', [
  /** Sent first, so that the reader can tell that the stream is open. */
  z.object({ kind: z.literal('ready') }),
  /** Rows of these tables changed, here or in another process on this device; none named: any table. */
  z.object({ kind: z.literal('changed'), tables: z.array(z.string()) }),
  /** The session of this connection changed: ask `session.get`. */
  z.object({ kind: z.literal('session') }),
])
export type ChangeEvent = z.infer<typeof changeEventSchema>

/** The whole API. One contract; its types are the renderer's client, the handlers' interface and the CLI's. */
export const contract = {
  session: {
    get: procedure.output(sessionStateSchema),
    signIn: procedure.input(z.object({ email: emailSchema, password, clientId: clientIdSchema.optional() })).output(signedIn),
    signOut: procedure.output(z.object({})),
    lock: procedure.output(z.object({})),
    unlock: procedure.input(z.object({ password })).output(signedIn),
    /** The person is at the keyboard; puts off the idle lock. */
    touch: procedure.output(z.object({})),
    changePassword: procedure.input(z.object({ current: password, next: newPasswordSchema })).output(z.object({})),
  },
  workspace: {
    /** Makes a client, its first admin, a few loss reasons, and signs the admin in. */
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
    /** Makes a workspace with generated people and calls and signs its admin in; yields progress, then the session. */
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
    /** Everyone's name, also of the deactivated. */
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
    /** `userIds` narrows to some agents; a reader of own figures may name only themselves. */
    summary: procedure
      .input(z.object({ range: timeRangeSchema, userIds: z.array(userIdSchema).max(500).optional() }))
      .output(reportSummarySchema),
  },
  imports: importsContract,
  audit: {
    /**
     * Newest first. On a connected workspace: unsent lines, then the server's trail in the server's order. If the server is not reached:
     * the lines that this device recorded. A page may have fewer rows than asked for, or none, although more pages follow.
     * @throws UNREACHABLE if a later page of the server's trail is asked for and the server is not reached.
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
    /** What the signed-in person had typed into a form and not saved; null where nothing is kept. */
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
