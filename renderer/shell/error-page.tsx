import { Trans } from '@lingui/react/macro'
import { Alert, Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import classes from './error-page.module.css'

/** Shown instead of a screen that failed: what happened, what was kept, what to do. */
export function ErrorPage({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  return (
    <div className={classes.failed}>
      <Alert color="red" icon={<IconAlertTriangle size={16} />} role="alert">
        <Stack gap="sm" align="flex-start">
          <Title order={1}>
            <Trans>This screen stopped working</Trans>
          </Title>
          <Text>
            <Trans>Your draft is kept: open the form of the call again to see it. Saved data is not affected.</Trans>
          </Text>
          <Group gap="sm">
            <Button onClick={() => window.location.reload()}>
              <Trans>Reload</Trans>
            </Button>
            {again && (
              <Button variant="default" onClick={again}>
                <Trans>Try again</Trans>
              </Button>
            )}
          </Group>
          <Text>
            <Trans>If it happens again, send this to your administrator:</Trans>
          </Text>
          <Code block className={classes.cause}>
            {error instanceof Error ? `${error.name}: ${error.message}` : String(error)}
          </Code>
        </Stack>
      </Alert>
    </div>
  )
}
