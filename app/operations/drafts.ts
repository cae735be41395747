import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { deleteDraft, putDraft } from '../../db/commands/drafts.ts'
import { getDraft, listDrafts } from '../../db/queries/drafts.ts'
import { command, query } from '../declaration/operation.ts'

export const draftsOperations = {
  'drafts.get': query({
    access: 'member',
    thread: 'list',
    run: ({ db, actor }, { form }: ProcedureInput<'drafts.get'>) => getDraft(db, actor.userId, form) ?? null,
  }),
  'drafts.list': query({
    access: 'member',
    thread: 'list',
    run: ({ db, actor, now }, { prefix }: ProcedureInput<'drafts.list'>) => listDrafts(db, actor.userId, prefix, now),
  }),
  'drafts.put': command({
    access: 'member',
    changes: [],
    run: ({ db, actor, now }, { form, value }: ProcedureInput<'drafts.put'>) => {
      putDraft(db, { userId: actor.userId, form, value, updatedAt: now })
      return {}
    },
  }),
  'drafts.delete': command({
    access: 'member',
    changes: [],
    run: ({ db, actor }, { form }: ProcedureInput<'drafts.delete'>) => {
      deleteDraft(db, actor.userId, form)
      return {}
    },
  }),
}
