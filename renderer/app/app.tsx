import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiProvider } from '../api/api-context.ts'
import type { Api } from '../api/api-context.ts'
import { SessionGate } from '../features/session/session-gate.tsx'
import { cssVariables, theme } from '../theme.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import type { createAppRouter } from './router.tsx'

type Props = {
  readonly api: Api
  readonly queries: QueryClient
  readonly router: ReturnType<typeof createAppRouter>
  readonly styleNonce: string
}

const colorScheme = localStorageColorSchemeManager({ key: 'propaganda-color-scheme' })

export function App({ api, queries, router, styleNonce }: Props) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      getStyleNonce={() => styleNonce}
    >
      <Notifications position="bottom-center" limit={3} />
      <ErrorBoundary>
        <QueryClientProvider client={queries}>
          <ApiProvider value={api}>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ApiProvider>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  )
}
