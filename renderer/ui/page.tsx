import { Group, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './page.module.css'

/** One screen: heading and actions on top, the content below. `fill`: the content scrolls by itself. */
export function Page({
  title,
  actions,
  bar,
  fill = false,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly bar?: ReactNode
  readonly fill?: boolean
  readonly children: ReactNode
}) {
  return (
    <>
      <div className={classes.head}>
        <Title order={1}>{title}</Title>
        <Group gap="sm" wrap="nowrap" miw={0}>
          {actions}
        </Group>
      </div>
      {bar !== undefined && <div className={classes.bar}>{bar}</div>}
      <div className={fill ? classes.fill : classes.scroll}>{children}</div>
    </>
  )
}
