import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { i18n } from '@lingui/core'
import { Alert, Anchor, Button, EmptyState, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useConnectionState } from '../api/api-context.ts'
import { explainError } from '../api/explain-error.ts'

/** The delay after which a loader appears, so that a fast answer causes no flash. */
const SHOW_LOADING_AFTER = 250

export function Loading({ what }: { readonly what: string }) {
  const [shown, setShown] = useState(false)
  const lost = useConnectionState().kind === 'lost'
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOW_LOADING_AFTER)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  // German writes nouns with a capital also within a sentence.
  const thing = i18n.locale === 'de' ? what : what.toLowerCase()
  return (
    <Group p="md" gap="sm" role="status">
      {!lost && <Loader size="xs" />}
      <Text c="dimmed">{lost ? t`${what} will be loaded when the connection is back.` : t`Loading ${thing}…`}</Text>
    </Group>
  )
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { title, detail } = explainError(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle size={16} />} title={title} m="md" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text>{detail}</Text>
        {retry && (
          <Button variant="default" onClick={retry}>
            <Trans>Try again</Trans>
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** An error in a form. The typed values stay in their fields. */
const reveal = (alert: HTMLElement | null) => alert?.scrollIntoView({ block: 'nearest' })

/** The error of a form. It scrolls into view when it appears. */
export function FormError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null
  const { title, detail } = explainError(error)
  return (
    <Alert ref={reveal} color="red" icon={<IconAlertTriangle size={16} />} title={title} role="alert">
      {detail}
    </Alert>
  )
}

export function NotPermitted({ title }: { readonly title: string }) {
  return (
    <EmptyState
      icon={<IconLock size={24} />}
      title={title}
      description={
        <Trans>
          Ask an admin, or{' '}
          <Anchor href="#/" underline="always">
            go to the dashboard
          </Anchor>
          .
        </Trans>
      }
      size="sm"
      py="xl"
    />
  )
}

export function Nothing({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <EmptyState title={title} description={children} size="sm" py="xl">
      {action !== undefined && <EmptyState.Actions>{action}</EmptyState.Actions>}
    </EmptyState>
  )
}

/** The states of one query: loading, failed with a retry button, and loaded. Loaded data stays while it is refreshed. */
export function Shown<T>({
  query,
  what,
  loading,
  children,
}: {
  readonly query: UseQueryResult<T>
  readonly what: string
  /** Shown instead of the loader. */
  readonly loading?: ReactNode
  readonly children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Failed error={query.error} retry={() => void query.refetch()} />
  return loading || <Loading what={what} />
}
