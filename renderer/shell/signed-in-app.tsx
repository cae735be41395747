import { t } from '@lingui/core/macro'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { Loading } from '../feedback/states.tsx'
import { useKeysReady } from '../keys/use-actions.ts'
import { createAppRouter, preloadPage } from './router.tsx'
import { TodayProvider } from './today-provider.tsx'

export { preloadPage }

/** Creates a router for every session, so that a person does not start on another person's screen. Only people who are signed in see messages. */
export function SignedInApp() {
  const [router] = useState(() => {
    // While the preferences load.
    preloadPage(window.location.hash)
    return createAppRouter()
  })
  if (!useKeysReady()) return <Loading what={t`Preferences`} />
  return (
    <TodayProvider>
      <Notifications position="bottom-center" limit={3} data-screen-only />
      <RouterProvider router={router} />
    </TodayProvider>
  )
}
