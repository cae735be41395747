import { t } from '@lingui/core/macro'
import { ActionIcon, Group, Title } from '@mantine/core'
import { IconArrowLeft, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import classes from './panel-frame.module.css'
import { useViewState } from './view-state.ts'

/**
 * The frame of every panel on the right. `takeFocus`: the heading gets the focus, for panels without a first field. `fill`: the content scrolls
 * by itself.
 */
export function PanelFrame({
  title,
  actions,
  takeFocus = false,
  fill = false,
  children,
}: {
  readonly title: ReactNode
  readonly actions?: ReactNode
  readonly takeFocus?: boolean
  readonly fill?: boolean
  readonly children: ReactNode
}) {
  const back = useViewState((view) => view.closePanel)
  const close = useViewState((view) => view.closeAllPanels)
  const below = useViewState((view) => view.callsBelow)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (takeFocus) heading.current?.focus()
  }, [takeFocus])
  return (
    <div className={classes.body}>
      <div className={classes.head}>
        {below !== null && (
          <ActionIcon aria-label={t`Back to ${{ title: below.title }}`} onClick={back}>
            <IconArrowLeft size={16} />
          </ActionIcon>
        )}
        <Title order={2} ref={heading} tabIndex={-1} className={classes.title} lineClamp={1}>
          {title}
        </Title>
        <Group gap="xs" wrap="nowrap">
          {actions}
          <ActionIcon aria-label={t`Close panel`} onClick={close}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </div>
      <div className={fill ? classes.fill : classes.scroll}>{children}</div>
    </div>
  )
}
