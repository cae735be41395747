import type { UserId } from '../../../core/id.ts'
import type { SavedView, ViewFilters } from '../../../core/model/saved-views.ts'
import { plural } from '../../format/numbers.ts'
import { dashboardViewFromSearch, dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'

/** Returns the filters of the report as a saved view holds them. */
export function filtersOf(view: DashboardView): ViewFilters {
  return { ...dashboardViewToSearch({ ...view, savedView: null }) }
}

/** Returns the report with the filters of a saved view. Filters that this release cannot read have their default. */
export function openedView({ id, filters }: SavedView): DashboardView {
  return { ...dashboardViewFromSearch(filters), savedView: id }
}

/** Whether the report has other filters than the saved view. */
export function isChanged(view: DashboardView, saved: SavedView): boolean {
  const [shown, stored] = [filtersOf(view), filtersOf(openedView(saved))]
  return [...new Set([...Object.keys(shown), ...Object.keys(stored)])].some((name) => shown[name] !== stored[name])
}

/**
 * Returns what the report does not show of a saved view, in sentences.
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
    notes.push('This view is about other people. You see your own calls instead.')
  else if (gone > 0)
    notes.push(
      `This view names ${plural(gone, 'person', 'people')} who no longer exist here. Choose the agents again and save the view.`,
    )
  if (isUnread) notes.push('This version cannot read some filters of this view. They are kept, and left out of this report.')
  return notes
}
