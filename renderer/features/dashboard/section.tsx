import { Group, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './section.module.css'

/** A part of the dashboard with a heading. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title} className={classes.section}>
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Title order={2}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Paper>
  )
}
