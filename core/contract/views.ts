import { z } from 'zod'
import { idSchema } from '../id.ts'
import { savedViewSchema, viewFiltersSchema, viewNameSchema } from '../model/saved-views.ts'
import { procedure } from './base.ts'

const viewsSchema = z.object({
  /** The person's own views, then the shared ones, each by name. */
  views: z.array(savedViewSchema),
  /** The default view of the person's dashboard; null: none, or it no longer exists. */
  defaultId: idSchema.nullable(),
  /** The number of views that this release cannot read. They are kept. */
  unreadable: z.int(),
  /** The number of active people of the client, who all see a shared view. */
  people: z.int(),
})
export type SavedViews = z.infer<typeof viewsSchema>

const byId = z.object({ id: idSchema })

/** Saved views of the dashboard. People change their own views. People who may share views also change the shared ones. */
export const viewsContract = {
  list: procedure.output(viewsSchema),
  /** Saves a new view of the person. `id`: the id of a removed view, to restore it. */
  create: procedure
    .input(z.object({ id: idSchema.optional(), name: viewNameSchema, filters: viewFiltersSchema }))
    .output(savedViewSchema),
  /** Renames a view or replaces its filters. */
  update: procedure
    .input(byId.extend({ name: viewNameSchema.optional(), filters: viewFiltersSchema.optional() }))
    .output(savedViewSchema),
  /** Shares a view of the person, or makes a shared view their own. */
  share: procedure.input(byId.extend({ isShared: z.boolean() })).output(savedViewSchema),
  remove: procedure.input(byId).output(z.null()),
  setDefault: procedure.input(z.object({ id: idSchema.nullable() })).output(z.null()),
}
