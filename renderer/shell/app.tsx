import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { ApiProvider } from '../api/api-context.ts'
import type { ApiContextValue } from '../api/api-context.ts'
import { SessionGate } from './session-gate.tsx'
import { cssVariables, theme } from '../ui/theme.ts'
import { colorSchemeManager } from './color-scheme.ts'
import { ErrorBoundary } from './error-boundary.tsx'

type Props = {
  readonly api: ApiContextValue
  readonly queries: QueryClient
  readonly styleNonce: string
}

const colorScheme = colorSchemeManager(document)

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
                <SessionGate />
              </ApiProvider>
            </QueryClientProvider>
          </ErrorBoundary>
        </DatesProvider>
      </I18nProvider>
    </MantineProvider>
  )
}
