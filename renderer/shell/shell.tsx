import { t } from '@lingui/core/macro'
import { NavLink } from '@mantine/core'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useNewCallDraft, useSendUnsent } from '../drafts/use-draft.ts'
import { useNamesAhead } from '../session/use-names.ts'
import { useRights, useSession } from '../session/session-context.ts'
import { useIdleTouch } from './use-idle-touch.ts'
import { useActions } from '../keys/use-actions.ts'
import { useKeys } from '../ui/use-keys.ts'
import { ConnectionBanner } from '../feedback/connection-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Palette } from './palette.tsx'
import { PanelHost } from './panel-host.tsx'
import { SyncStatus } from './sync-status.tsx'
import type { SearchText } from '../view/search-text.ts'
import { keyActionLabel } from '../keys/actions.ts'
import { SECTIONS } from './sections.ts'
import { StorageBanner } from './storage-banner.tsx'
import classes from './shell.module.css'
import { PROSPECT_IN_ADDRESS, useProspectAddress } from './use-prospect-address.ts'
import { useLock } from './use-lock.ts'
import { redoLast, undoLast } from '../view/use-undo.ts'
import { UserMenu } from './user-menu.tsx'
import { useViewState } from '../view/view-state.ts'

export function Shell() {
  const { client } = useSession()
  const rights = useRights()
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const lock = useLock()
  const { openPanel, enterScreen, showKeys, searches, leaveSearch } = useViewState()
  useIdleTouch()
  useSendUnsent()
  // The form of a call needs these before a key opens it.
  useNewCallDraft()
  useNamesAhead()
  useProspectAddress()

  /** Another section opens with its last filters; the shown one opens without filters. */
  const searchOn = (path: string): SearchText => (path === pathname ? {} : (searches[path] ?? {}))

  const isOpen = ({ needs }: (typeof SECTIONS)[number]) => needs === undefined || rights.reach(needs) !== 'none'
  const sections = SECTIONS.filter(isOpen)
  useActions({
    'call.new': rights.reach('calls.create') === 'none' ? undefined : () => openPanel({ kind: 'new-call' }),
    'edit.undo': () => void undoLast(),
    'edit.redo': () => void redoLast(),
    'app.keys': () => showKeys(true),
    'app.lock': lock,
    ...Object.fromEntries(
      sections.map(({ path, action }) => [action, () => void navigate({ to: path, search: searchOn(path) })]),
    ),
  })
  // Without this the browser selects the text of the whole window.
  useKeys({ 'ctrl+a': () => {} })

  useEffect(() => enterScreen(pathname), [enterScreen, pathname])
  useEffect(() => {
    const { [PROSPECT_IN_ADDRESS]: _card, ...filters } = search as SearchText
    leaveSearch(pathname, filters)
  }, [leaveSearch, pathname, search])

  return (
    <div className={classes.shell}>
      <div className={classes.nav}>
        <UserMenu clientName={client.name} onLock={lock} />
        <nav className={classes.links} aria-label={t`Sections`}>
          {sections.map(({ path, action, icon: Icon }) => (
            <NavLink
              key={path}
              label={keyActionLabel(action)}
              leftSection={<Icon size={16} stroke={1.5} />}
              active={pathname === path}
              renderRoot={(props) => (
                <Link to={path} search={searchOn(path)} aria-current={pathname === path ? 'page' : undefined} {...props} />
              )}
            />
          ))}
        </nav>
        <StorageBanner />
        <SyncStatus />
      </div>
      <main className={classes.main} tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <PanelHost />
      <KeysHelp />
      <Palette />
      <div className={classes.banner}>
        <ConnectionBanner />
      </div>
    </div>
  )
}
