import { t } from '@lingui/core/macro'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiProvider } from '../api/api-context.ts'
import type { ApiContextValue } from '../api/api-context.ts'
import { SessionGate } from './session-gate.tsx'
import { cssVariables, theme } from '../ui/theme.ts'
import { colorSchemeManager } from './color-scheme.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Loading } from '../feedback/states.tsx'
import { useKeysReady } from '../keys/use-actions.ts'
import { createAppRouter } from './router.tsx'

type Props = {
  readonly api: ApiContextValue
  readonly queries: QueryClient
  readonly styleNonce: string
}

const colorScheme = colorSchemeManager(document)

/** Creates a router for every session, so that a person does not start on another person's screen. Only people who are signed in see messages. */
function SignedInApp() {
  const [router] = useState(createAppRouter)
  if (!useKeysReady()) return <Loading what={t`Preferences`} />
  return (
    <>
      <Notifications position="bottom-center" limit={3} data-screen-only />
      <RouterProvider router={router} />
    </>
  )
}

export function App({ api, queries, styleNonce }: Props) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      getStyleNonce={() => styleNonce}
    >
      <I18nProvider i18n={i18n}>
        <DatesProvider settings={{ locale: i18n.locale }}>
          <ErrorBoundary>
            <QueryClientProvider client={queries}>
              <ApiProvider value={api}>
                <SessionGate>
                  <SignedInApp />
                </SessionGate>
              </ApiProvider>
            </QueryClientProvider>
          </ErrorBoundary>
        </DatesProvider>
      </I18nProvider>
    </MantineProvider>
  )
}
