import { t } from '@lingui/core/macro'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { Loading } from '../feedback/states.tsx'
import { useKeysReady } from '../keys/use-actions.ts'
import { createAppRouter } from './router.tsx'
import { TodayProvider } from './today-provider.tsx'

export { preloadPage } from './router.tsx'

/** Creates a router for every session, so that a person does not start on another person's screen. Only people who are signed in see messages. */
export function SignedInApp() {
  const [router] = useState(createAppRouter)
  if (!useKeysReady()) return <Loading what={t`Preferences`} />
  return (
    <TodayProvider>
      <Notifications position="bottom-center" limit={3} data-screen-only />
      <RouterProvider router={router} />
    </TodayProvider>
  )
}
