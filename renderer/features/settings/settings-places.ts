import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Permission } from '../../../core/roles.ts'

/** A setting that can be found by its name. */
export type SettingsPlace = {
  readonly label: MessageDescriptor
  /** Selects its field, or its section on the page. */
  readonly selector: string
  /** People whose reach of this permission is `none` cannot change it. */
  readonly needs?: Permission
}

const ofField = (label: MessageDescriptor, name: string): SettingsPlace => ({
  label,
  selector: `[data-path="${name}"]`,
  needs: 'settings.edit',
})
const ofSection = (label: MessageDescriptor, place: string): SettingsPlace => ({
  label,
  selector: `section[data-place="${place}"]`,
})

export const SETTINGS_PLACES: readonly SettingsPlace[] = [
  ofField(msg`Client name`, 'clientName'),
  ofField(msg`Time zone`, 'time_zone'),
  ofField(msg`Week start`, 'week_start'),
  ofField(msg`Default country`, 'default_country'),
  ofField(msg`Lock after (minutes)`, 'idle_lock_minutes'),
  ofField(msg`No next step after (days)`, 'no_next_step_days'),
  ofField(msg`Calling hours`, 'calling_hours.from'),
  ofSection(msg`Note templates`, 'note-templates'),
  ofSection(msg`Keys`, 'keys'),
  ofSection(msg`Server`, 'server'),
  ofSection(msg`On this device`, 'device'),
]

/** Moves the focus to a setting. The focus scrolls to it. */
export function focusPlace(selector: string, page: Document): void {
  const found = page.querySelector<HTMLElement>(selector)
  if (found === null) return
  const field = found.matches('input') ? found : found.querySelector<HTMLElement>('input')
  if (found.tagName === 'SECTION') found.tabIndex = -1
  ;(found.tagName === 'SECTION' ? found : (field ?? found)).focus()
}
