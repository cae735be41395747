import type { Icon } from '@tabler/icons-react'
import {
  IconCalendarTime,
  IconChartBar,
  IconFileImport,
  IconHistory,
  IconListDetails,
  IconPhone,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import type { Permission } from '../../core/roles.ts'
import { actionOf, type ActionId } from '../keys/actions.ts'

/** `action`: the action that opens the section. Its label, keys and permission are those of the section. */
const PLACES = [
  { path: '/today', action: 'go.today', icon: IconCalendarTime },
  { path: '/', action: 'go.dashboard', icon: IconChartBar },
  { path: '/calls', action: 'go.calls', icon: IconPhone },
  { path: '/import', action: 'go.import', icon: IconFileImport },
  { path: '/users', action: 'go.users', icon: IconUsers },
  { path: '/loss-reasons', action: 'go.loss_reasons', icon: IconListDetails },
  { path: '/audit', action: 'go.audit', icon: IconHistory },
  { path: '/settings', action: 'go.settings', icon: IconSettings },
] as const satisfies readonly { readonly path: string; readonly action: ActionId; readonly icon: Icon }[]

type Section = {
  readonly path: (typeof PLACES)[number]['path']
  readonly action: (typeof PLACES)[number]['action']
  readonly icon: Icon
  /** People whose reach of this permission is `none` do not see the section. */
  readonly needs: Permission | undefined
}

export const SECTIONS: readonly Section[] = PLACES.map((place) => ({ ...place, needs: actionOf(place.action).needs }))
