import { plural, t } from '@lingui/core/macro'
import type { UserId } from '../../../core/id.ts'
import type { SavedView, ViewFilters } from '../../../core/model/saved-views.ts'
import { dashboardViewFromSearch, dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'

/** Returns the filters of the dashboard in the form that a saved view stores. */
export function filtersOf(view: DashboardView): ViewFilters {
  return { ...dashboardViewToSearch({ ...view, savedView: null }) }
}

/** Returns the dashboard with the filters of a saved view. Filters that this release cannot read have their defaults. */
export function openedView({ id, filters }: SavedView): DashboardView {
  return { ...dashboardViewFromSearch(filters), savedView: id }
}

/** Returns whether the filters differ from those of the saved view. */
export function isChanged(view: DashboardView, saved: SavedView): boolean {
  const [shown, stored] = [filtersOf(view), filtersOf(openedView(saved))]
  return [...new Set([...Object.keys(shown), ...Object.keys(stored)])].some((name) => shown[name] !== stored[name])
}

/**
 * Returns sentences about the parts of a saved view that are not shown.
 * @param people the ids of all people of the client
 * @param own the reader, if they see only their own figures
 */
export function notesOn(saved: SavedView, people: readonly UserId[], own: UserId | null): string[] {
  const read: Readonly<Record<string, string>> = filtersOf(openedView(saved))
  const isUnread = Object.entries(saved.filters).some(([name, value]) => value !== '' && read[name] !== value)
  const { userIds } = openedView(saved)
  const gone = userIds.filter((id) => !people.includes(id)).length
  const notes: string[] = []
  if (own !== null && userIds.some((id) => id !== own))
    notes.push(t`This view filters by other people. Your own calls are shown instead.`)
  else if (gone > 0)
    notes.push(
      t`This view filters by ${plural(gone, { one: '# agent', other: '# agents' })} not found in this workspace. Choose agents again and save the view.`,
    )
  if (isUnread) notes.push(t`This version cannot read some filters of this view. They are kept in the view and ignored here.`)
  return notes
}
