import { z } from 'zod'
import { userIdSchema } from '../id.ts'
import { auditActionSchema, trailCoverageSchema, trailEntrySchema } from '../model/audit.ts'
import { timestampSchema } from '../model/common.ts'
import { procedure } from './base.ts'
import { cursorSchema } from './calls.ts'

export const auditContract = {
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
}
