import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ConnectionBanner } from '../../feedback/connection-banner.tsx'

/** The frame of every screen before sign-in. */
export function EntryPage({
  title,
  lead,
  children,
  width = 360,
}: {
  readonly title: string
  readonly lead?: ReactNode
  readonly children: ReactNode
  readonly width?: number
}) {
  return (
    <Center component="main" mih="100dvh" p="lg">
      <Stack w="100%" maw={width} gap="lg">
        <Text c="dimmed">Propaganda Dashboard</Text>
        <Paper withBorder p="xl">
          <Stack gap="lg">
            <Stack gap="xs">
              <Title order={1}>{title}</Title>
              {lead !== undefined && <Text c="dimmed">{lead}</Text>}
            </Stack>
            <ConnectionBanner />
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  )
}
