import { NavLink } from '@mantine/core'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useNewCallDraft, useSendUnsent } from '../drafts/use-draft.ts'
import { useNamesAhead } from '../session/use-names.ts'
import { useRights, useSession } from '../session/session-context.ts'
import { useIdleTouch } from './use-idle-touch.ts'
import { useKeys } from '../ui/use-keys.ts'
import { ConnectionBanner } from '../feedback/connection-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { KeysHelp } from './keys-help.tsx'
import { PanelHost } from './panel-host.tsx'
import { SyncStatus } from './sync-status.tsx'
import type { SearchText } from '../view/search-text.ts'
import { SECTIONS } from './sections.ts'
import { StorageBanner } from './storage-banner.tsx'
import classes from './shell.module.css'
import { PROSPECT_IN_ADDRESS, useProspectAddress } from './use-prospect-address.ts'
import { useLock } from './use-lock.ts'
import { useUndo } from '../view/use-undo.ts'
import { UserMenu } from './user-menu.tsx'
import { useViewState } from '../view/view-state.ts'

export function Shell() {
  const { client } = useSession()
  const rights = useRights()
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const lock = useLock()
  const undoLast = useUndo()
  const { openPanel, enterScreen, showKeys, searches, leaveSearch } = useViewState()
  useIdleTouch()
  useSendUnsent()
  // The form of a call needs these before a key opens it.
  useNewCallDraft()
  useNamesAhead()
  useProspectAddress()

  /** Another section opens with its last filters; the shown one opens without filters. */
  const searchOn = (path: string): SearchText => (path === pathname ? {} : (searches[path] ?? {}))

  const mayCreate = rights.reach('calls.create') !== 'none'
  const newCall = () => {
    if (mayCreate) openPanel({ kind: 'new-call' })
  }
  useKeys({
    n: newCall,
    'alt+n': newCall,
    'ctrl+n': newCall,
    '?': () => showKeys(true),
    'ctrl+z': () => void undoLast(),
    // Without this the browser selects the text of the whole window.
    'ctrl+a': () => {},
    'ctrl+shift+l': lock,
    ...Object.fromEntries(
      SECTIONS.filter(({ needs }) => rights.reach(needs) !== 'none').map(({ path, key }) => [
        `g ${key}`,
        () => void navigate({ to: path, search: searchOn(path) }),
      ]),
    ),
  })

  useEffect(() => enterScreen(pathname), [enterScreen, pathname])
  useEffect(() => {
    const { [PROSPECT_IN_ADDRESS]: _card, ...filters } = search as SearchText
    leaveSearch(pathname, filters)
  }, [leaveSearch, pathname, search])

  return (
    <div className={classes.shell}>
      <div className={classes.nav}>
        <UserMenu clientName={client.name} onLock={lock} />
        <nav className={classes.links} aria-label="Sections">
          {SECTIONS.filter(({ needs }) => rights.reach(needs) !== 'none').map(({ path, label, icon: Icon }) => (
            <NavLink
              key={path}
              label={label}
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
      <div className={classes.banner}>
        <ConnectionBanner />
      </div>
    </div>
  )
}
