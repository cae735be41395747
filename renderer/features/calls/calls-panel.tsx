import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import { Failed, Loading, Nothing } from '../../feedback/states.tsx'
import { isIdle } from '../../ui/idle-focus.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import classes from './calls-panel.module.css'
import { callsText } from './calls-text.ts'
import { viewOfFilter, viewToSearch } from './calls-view.ts'
import { OpeningGrid } from './opening-grid.tsx'
import { useCallPages } from './use-call-pages.ts'

type Props = {
  /** The description of the calls, for example "Show rate: completed". */
  readonly title: string
  readonly filter: CallFilter
  /** Whether no other panel covers the list. */
  readonly isOnTop?: boolean
  /** Shown above the list. */
  readonly children?: ReactNode
}

/**
 * The calls of a filter in the panel on the right, for example those that a figure counts, with their number. A call opens above the list,
 * and the list keeps its scroll position. If only the end of the period changes, the rows change in place.
 */
export function CallsPanel({ title, filter, isOnTop = true, children }: Props) {
  return (
    <PanelFrame title={title} fill>
      <div className={classes.content}>
        {children}
        <CallsList title={title} filter={filter} isOnTop={isOnTop} />
      </div>
    </PanelFrame>
  )
}

/** A filter without the end of its period. */
const listOf = ({ to: _to, ...filter }: CallFilter, title: string, sort: CallSort) => JSON.stringify([title, filter, sort])

function CallsList({
  title,
  filter,
  isOnTop,
}: {
  readonly title: string
  readonly filter: CallFilter
  readonly isOnTop: boolean
}) {
  const [sort, setSort] = useState<CallSort>({ by: 'eventAt', direction: 'desc' })
  const list = listOf(filter, title, sort)
  const { pages, isSwitching } = useCallPages(filter, sort, list)
  const area = useRef<HTMLDivElement>(null)
  const count = pages.total

  // The list gets the focus when it opens or is uncovered. If it is empty, the area around it gets the focus.
  const shown = `${list} ${isOnTop}`
  const focused = useRef('')
  useEffect(() => {
    if (!isOnTop || count === undefined) return
    if (focused.current === shown && !isIdle(document.activeElement)) return
    focused.current = shown
    const target = area.current?.querySelector<HTMLElement>('[role="grid"]') ?? area.current
    target?.focus({ preventScroll: true })
  }, [shown, isOnTop, count])

  return (
    <>
      <div className={classes.head}>
        <Text role="status" aria-label={t`Number of calls`}>
          {count === undefined ? '' : callsText({ total: count, exact: pages.isExact })}
        </Text>
        <Anchor renderRoot={(props) => <Link to="/calls" search={viewToSearch(viewOfFilter(filter))} {...props} />}>
          <Trans>Open in the calls list</Trans>
        </Anchor>
      </div>
      <div ref={area} className={classes.list} tabIndex={-1}>
        {pages.error !== undefined && pages.rowAt(0) === undefined ? (
          <Failed error={pages.error} retry={() => pages.retry()} />
        ) : count === undefined ? (
          <Loading what={t`Calls`} />
        ) : count === 0 ? (
          <Nothing title={t`No calls`} />
        ) : (
          <OpeningGrid title={title} pages={pages} isSwitching={isSwitching} sort={sort} onSort={setSort} />
        )}
      </div>
    </>
  )
}
