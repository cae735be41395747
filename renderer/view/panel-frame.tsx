import { ActionIcon, Group, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import classes from './panel-frame.module.css'
import { useViewState } from './view-state.ts'

/** The frame of every panel at the right. `takeFocus`: the heading gets the focus, for panels without a first field. */
export function PanelFrame({
  title,
  actions,
  takeFocus = false,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly takeFocus?: boolean
  readonly children: ReactNode
}) {
  const close = useViewState((view) => view.closePanel)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (takeFocus) heading.current?.focus()
  }, [takeFocus])
  return (
    <div className={classes.body}>
      <div className={classes.head}>
        <Title order={2} ref={heading} tabIndex={-1} className={classes.title} lineClamp={1}>
          {title}
        </Title>
        <Group gap="xs" wrap="nowrap">
          {actions}
          <ActionIcon aria-label="Close panel" onClick={close}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </div>
      <div className={classes.scroll}>{children}</div>
    </div>
  )
}
