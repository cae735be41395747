import type { Permission } from '../../../core/roles.ts'

/** A setting that can be found by its name. */
export type SettingsPlace = {
  readonly label: string
  /** Selects its field, or its section on the page. */
  readonly selector: string
  /** People whose reach of this permission is `none` cannot change it. */
  readonly needs?: Permission
}

const field = (label: string, name: string): SettingsPlace => ({
  label,
  selector: `[data-path="${name}"]`,
  needs: 'settings.edit',
})
const section = (label: string): SettingsPlace => ({ label, selector: `section[aria-label="${label}"]` })

export const SETTINGS_PLACES: readonly SettingsPlace[] = [
  field('Client name', 'clientName'),
  field('Time zone', 'time_zone'),
  field('Week start', 'week_start'),
  field('Default country', 'default_country'),
  field('Lock after (minutes)', 'idle_lock_minutes'),
  section('Keys'),
  section('Server'),
  section('On this device'),
]

/** Moves the focus to a setting. The focus scrolls to it. */
export function focusPlace(selector: string, page: Document): void {
  const found = page.querySelector<HTMLElement>(selector)
  if (found === null) return
  const field = found.matches('input') ? found : found.querySelector<HTMLElement>('input')
  if (found.tagName === 'SECTION') found.tabIndex = -1
  ;(found.tagName === 'SECTION' ? found : (field ?? found)).focus()
}
