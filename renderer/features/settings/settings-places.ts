import type { Permission } from '../../../core/roles.ts'

/** A setting that can be found by its name. */
export type SettingsPlace = {
  readonly label: string
  /** Selects its field, or its section on the page. */
  readonly selector: string
  /** People whose reach of this permission is `none` cannot change it. */
  readonly needs?: Permission
}

const ofField = (label: string, name: string): SettingsPlace => ({
  label,
  selector: `[data-path="${name}"]`,
  needs: 'settings.edit',
})
const ofSection = (label: string): SettingsPlace => ({ label, selector: `section[aria-label="${label}"]` })

export const SETTINGS_PLACES: readonly SettingsPlace[] = [
  ofField('Client name', 'clientName'),
  ofField('Time zone', 'time_zone'),
  ofField('Week start', 'week_start'),
  ofField('Default country', 'default_country'),
  ofField('Lock after (minutes)', 'idle_lock_minutes'),
  ofField('No next step after (days)', 'no_next_step_days'),
  ofField('Calling hours', 'calling_hours.from'),
  ofSection('Note templates'),
  ofSection('Keys'),
  ofSection('Server'),
  ofSection('On this device'),
]

/** Moves the focus to a setting. The focus scrolls to it. */
export function focusPlace(selector: string, page: Document): void {
  const found = page.querySelector<HTMLElement>(selector)
  if (found === null) return
  const field = found.matches('input') ? found : found.querySelector<HTMLElement>('input')
  if (found.tagName === 'SECTION') found.tabIndex = -1
  ;(found.tagName === 'SECTION' ? found : (field ?? found)).focus()
}
