import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { cleanNotifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { QueryKey } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from 'react'
import { useApi, useConnectionState } from '../api/api-context.ts'
import { useLiveUpdates } from './live-updates.ts'
import { useReminders } from './use-reminders.ts'
import { useViewState } from '../view/view-state.ts'
import { newCalls } from '../features/calls/new-calls.ts'
import { useImportJob } from '../features/imports/import-job.ts'
import { Failed } from '../feedback/states.tsx'
import { EntryPage } from '../features/entry/entry-page.tsx'
import { FirstStart } from '../features/entry/first-start.tsx'
import { LockScreen } from '../features/entry/lock-screen.tsx'
import { SessionProvider } from '../session/session-context.ts'
import { SignIn } from '../features/entry/sign-in.tsx'
import type { SessionEnd } from '../features/entry/sign-in.tsx'

function isSessionKey(queryKey: QueryKey): boolean {
  const path = queryKey[0]
  return Array.isArray(path) && path[0] === 'session'
}

const loadSignedInApp = async () => ({ default: (await import('./signed-in-app.tsx')).SignedInApp })
/** The rest of the window. It is loaded after the sign-in screen, which is shown sooner without it. */
const SignedInApp = lazy(loadSignedInApp)

function Opening() {
  return (
    <p className="opening">
      <Trans>Opening Propaganda Dashboard…</Trans>
    </p>
  )
}

/** Shows the application to a signed-in person, and the sign-in or lock screen otherwise. */
export function SessionGate() {
  const { query } = useApi()
  const connection = useConnectionState()
  const queries = useQueryClient()
  const session = useQuery(query.session.get.queryOptions({ staleTime: Infinity }))
  useLiveUpdates()
  useReminders()

  const state = session.data?.state
  const resetView = useViewState((view) => view.reset)
  const resetImport = useImportJob((job) => job.reset)
  useLayoutEffect(() => {
    // Messages name prospects, so the lock screen and the next person must not show them.
    if (state !== undefined) cleanNotifications()
  }, [state])
  useEffect(() => {
    if (state === undefined || state === 'signed_in') return
    // Removes the data of the session from memory, also behind the lock.
    queries.removeQueries({ predicate: ({ queryKey }) => !isSessionKey(queryKey) })
    if (state !== 'locked') {
      resetView()
      resetImport()
      newCalls.clear()
      window.location.hash = '#/'
    }
  }, [state, queries, resetView, resetImport])

  useEffect(() => {
    // The person types a password meanwhile. A failure is shown when the application is needed.
    if (state !== undefined && state !== 'signed_in') requestIdleCallback(() => void loadSignedInApp().catch(() => {}))
  }, [state])

  if (session.data === undefined) {
    if (session.error !== null)
      return (
        <EntryPage title={t`The application does not answer`}>
          <Failed error={session.error} retry={() => void session.refetch()} />
        </EntryPage>
      )
    return connection.kind === 'lost' ? <EntryPage title={t`Waiting for the application`}>{null}</EntryPage> : <Opening />
  }
  switch (session.data.state) {
    case 'first_start':
      return <FirstStart />
    case 'signed_out':
      return <SignedOut ended={session.data.ended} />
    case 'locked':
      return <LockScreen session={session.data} />
    case 'signed_in':
      return (
        <SessionProvider key={session.data.user.id} value={session.data}>
          <Suspense fallback={<Opening />}>
            <SignedInApp />
          </Suspense>
        </SessionProvider>
      )
  }
}

/** Shows the sign-in, and not the first start, to a person who signs out of a workspace that was just created. */
function SignedOut({ ended }: { readonly ended: SessionEnd | undefined }) {
  const [adding, setAdding] = useState(false)
  return adding ? <FirstStart onBack={() => setAdding(false)} /> : <SignIn ended={ended} onNewWorkspace={() => setAdding(true)} />
}
