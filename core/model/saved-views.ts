import { z } from 'zod'
import { idSchema, isId, type Id } from '../id.ts'
import { requiredText } from './common.ts'

/*
 * Saved views of the dashboard: its filters under a name. A person's own view is a row of `user_settings`, a shared one of `client_settings`,
 * both under the key `view:ID`. A removed view has the value null.
 */

/** The maximum number of views of a person, and of shared views. A longer list is hard to read. */
export const MOST_VIEWS = 100

export const viewNameSchema = requiredText(80, 'A name')

/** The filters as in the address of the dashboard. A filter that this release cannot read is kept and ignored. */
export const viewFiltersSchema = z
  .record(z.string().max(50), z.string().max(20_000))
  .refine((filters) => Object.keys(filters).length <= 50, 'Too many filters')
export type ViewFilters = z.infer<typeof viewFiltersSchema>

/** The value of a view's row. Other members are kept: a newer release may have written them. */
const storedViewSchema = z.looseObject({
  name: viewNameSchema,
  filters: viewFiltersSchema,
})
export type StoredView = z.infer<typeof storedViewSchema>

export const savedViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  filters: viewFiltersSchema,
  /** Everyone in the client who can open the dashboard sees the view. */
  isShared: z.boolean(),
})
export type SavedView = z.infer<typeof savedViewSchema>

const PREFIX = 'view:'
/** The key of the setting with the default view of the dashboard. */
export const DEFAULT_VIEW_KEY = 'report.default_view'

export function viewKey(id: Id): string {
  return `${PREFIX}${id}`
}

export function isViewKey(key: string): boolean {
  return key.startsWith(PREFIX)
}

/** Returns the view that a key names; undefined if it names none. */
export function viewOfKey(key: string): Id | undefined {
  const id = key.slice(PREFIX.length)
  return isViewKey(key) && isId(id) ? id : undefined
}

/** Returns a view's value; `removed` if it was removed, `unreadable` if this release cannot read it. */
export function readStoredView(json: string): StoredView | 'removed' | 'unreadable' {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return 'unreadable'
  }
  if (value === null) return 'removed'
  const parsed = storedViewSchema.safeParse(value)
  return parsed.success ? parsed.data : 'unreadable'
}

/** Returns why the row of a shared view cannot have this value. Its filters are not checked: a newer release may have others. */
export function brokenSharedView(key: string, value: unknown): string | undefined {
  if (viewOfKey(key) === undefined) return 'This is not the id of a view'
  const isView = value === null || z.looseObject({ name: viewNameSchema }).safeParse(value).success
  return isView ? undefined : 'A view needs a name'
}
