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

export type Section = {
  readonly path: '/' | '/today' | '/calls' | '/import' | '/users' | '/loss-reasons' | '/audit' | '/settings'
  readonly label: string
  readonly icon: Icon
  /** People whose reach of this permission is `none` do not see the section. */
  readonly needs: Permission
  /** The key after `g` that opens the section. */
  readonly key: string
}

export const SECTIONS: readonly Section[] = [
  { path: '/today', label: 'Today', icon: IconCalendarTime, needs: 'calls.read', key: 't' },
  { path: '/', label: 'Dashboard', icon: IconChartBar, needs: 'reports.read', key: 'd' },
  { path: '/calls', label: 'Calls', icon: IconPhone, needs: 'calls.read', key: 'c' },
  { path: '/import', label: 'Import', icon: IconFileImport, needs: 'import.run', key: 'i' },
  { path: '/users', label: 'Users', icon: IconUsers, needs: 'users.read', key: 'u' },
  { path: '/loss-reasons', label: 'Loss reasons', icon: IconListDetails, needs: 'loss_reasons.read', key: 'l' },
  { path: '/audit', label: 'Audit trail', icon: IconHistory, needs: 'audit.read', key: 'a' },
  { path: '/settings', label: 'Settings', icon: IconSettings, needs: 'settings.read', key: 's' },
]
