import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { CALL_SORTS, type CallFilter, type CallSort } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { Failed, Loading, Nothing } from '../../feedback/states.tsx'
import { plural } from '../../format/numbers.ts'
import { useRights } from '../../session/session-context.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { isIdle } from '../../ui/idle-focus.ts'
import { VirtualGrid } from '../../ui/grid/virtual-grid.tsx'
import { useToday } from '../../ui/today-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { callColumns } from './calls-columns.tsx'
import grid from './calls-grid.module.css'
import classes from './calls-panel.module.css'
import { viewOfFilter, viewToSearch } from './calls-view.ts'
import { useCallCommands } from './use-call-commands.ts'
import { useCallPages } from './use-call-pages.ts'
import { useSelection } from './use-selection.ts'

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
 * The calls of a filter in the panel at the right, for example those that a figure counts, with their number. A call opens above the list,
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
  const rights = useRights()
  const commands = useCallCommands()
  const { query } = useApi()
  const queries = useQueryClient()
  const openPanel = useViewState((state) => state.openPanel)
  const people = usePeople()
  const reasons = useLossReasons()
  const today = useToday()
  const [sort, setSort] = useState<CallSort>({ by: 'eventAt', direction: 'desc' })
  const list = listOf(filter, title, sort)
  const { pages, isSwitching } = useCallPages(filter, sort, list)
  const selection = useSelection(pages)
  const columns = useMemo(() => callColumns({ people, reasons, zone: today.zone, now: today.now }), [people, reasons, today])
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

  const open = (call: Call) => openPanel({ kind: 'call', id: call.id, focus: true })
  const edit = (call: Call) => {
    if (!rights.may('calls.edit', call.userId)) return
    // The form opens at once with the cached call, so that it receives the next key.
    queries.setQueryData(query.calls.get.queryKey({ input: { id: call.id } }), call)
    openPanel({ kind: 'edit-call', id: call.id })
  }

  return (
    <>
      <div className={classes.head}>
        <Text role="status" aria-label="Number of calls">
          {count === undefined ? '' : plural(count, 'call')}
        </Text>
        <Anchor renderRoot={(props) => <Link to="/calls" search={viewToSearch(viewOfFilter(filter))} {...props} />}>
          Open in the calls list
        </Anchor>
      </div>
      <div ref={area} className={classes.list} tabIndex={-1}>
        {pages.error !== undefined && pages.rowAt(0) === undefined ? (
          <Failed error={pages.error} retry={() => pages.retry()} />
        ) : count === undefined ? (
          <Loading what="Calls" />
        ) : count === 0 ? (
          <Nothing title="No calls" />
        ) : (
          <VirtualGrid
            label={title}
            list={pages}
            rows={pages}
            columns={columns}
            className={grid.columns}
            isSwitching={isSwitching}
            sort={sort}
            active={selection.index}
            isSelected={(index) => selection.index === index}
            onSort={({ by, direction }) => {
              const known = CALL_SORTS.find((name) => name === by)
              if (known !== undefined) setSort({ by: known, direction })
            }}
            onMove={(index) => selection.select(index, pages.rowAt(index)?.id ?? null)}
            onKey={(event) => {
              const call = pages.rowAt(selection.index ?? 0)
              if (event.ctrlKey || event.metaKey || call === undefined) return false
              if (event.key === 'Enter') open(call)
              else if (event.key === 'e') edit(call)
              else if (event.key === 'Delete' && selection.index !== null && rights.may('calls.delete', call.userId))
                void commands.remove(call)
              else return false
              selection.select(selection.index ?? 0, call.id)
              return true
            }}
            onPress={(index) => {
              const call = pages.rowAt(index)
              selection.select(index, call?.id ?? null)
              if (call !== undefined) open(call)
            }}
          />
        )}
      </div>
    </>
  )
}
