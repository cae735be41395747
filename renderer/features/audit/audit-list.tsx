import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { formatInstant } from '../../format/times.ts'
import { rowIndexAt } from '../../ui/grid/row-index.ts'
import { useIdleFocus } from '../../ui/use-idle-focus.ts'
import { usePeople } from '../../session/use-names.ts'
import { diffLines, entryTitle } from './audit-diff.ts'
import type { DiffContext, DiffLine } from './audit-diff.ts'
import classes from './audit-list.module.css'
import { useDiffContext } from './use-diff-context.ts'

const ROW_HEIGHT = 32
/** The next page is asked for when this many rows are left. */
const AHEAD = 30

type Props = {
  readonly entries: readonly TrailEntry[]
  /** Ids of lines that the server received after lines with a later time. */
  readonly sentLater: ReadonlySet<string>
  readonly isSwitching: boolean
  onEnd: () => void
  onOpen: (entry: TrailEntry) => void
}

function lineText({ field, from, to }: DiffLine): string {
  return from !== null && to !== null ? `${field}: ${from} → ${to}` : `${field}: ${to ?? from ?? ''}`
}

/** A line's changes in one line of text. */
function summary(entry: TrailEntry, context: DiffContext): string {
  return diffLines(entry, context).map(lineText).join(' · ')
}

/** Shows the trail, the latest arrival first. More lines load as it is scrolled. */
export function AuditList({ entries, sentLater, isSwitching, onEnd, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  useIdleFocus(scroller)
  const people = usePeople()
  const context = useDiffContext()
  const [active, setActive] = useState(0)
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
    overscan: 10,
  })
  const shown = rows.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= entries.length - AHEAD) onEnd()
  })

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, shown.length - 22)
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: entries.length - 1,
    }
    const target = moves[event.key]
    const entry = entries[active]
    if (target !== undefined) {
      const next = Math.min(Math.max(0, target), entries.length - 1)
      setActive(next)
      rows.scrollToIndex(next, { align: 'auto' })
    } else if (event.key === 'Enter' && entry !== undefined) onOpen(entry)
    else return
    event.preventDefault()
  }

  function onClick(event: MouseEvent) {
    const index = rowIndexAt(event.target)
    const entry = index === undefined ? undefined : entries[index]
    if (index === undefined || entry === undefined) return
    setActive(index)
    onOpen(entry)
  }

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Audit trail"
      aria-busy={isSwitching}
      aria-rowcount={-1}
      aria-activedescendant={shown.some(({ index }) => index === active) ? `audit-row-${active}` : undefined}
      tabIndex={0}
      className={classes.scroller}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1} className={classes.row}>
          <div role="columnheader">When</div>
          <div role="columnheader">Who</div>
          <div role="columnheader">What</div>
          <div role="columnheader">Changes</div>
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const entry = entries[index]
          if (entry === undefined) return null
          return (
            <div
              key={entry.id}
              id={`audit-row-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === active}
              data-active={index === active || undefined}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
              data-index={index}
            >
              <div role="gridcell">{formatInstant(entry.createdAt, context.zone)}</div>
              <div role="gridcell">{people.name(entry.userId)}</div>
              <div role="gridcell">
                {entryTitle(entry)}
                {entry.isWaiting && <span className={classes.waiting}> · waiting to be sent</span>}
                {sentLater.has(entry.id) && (
                  <span className={classes.waiting} title="The server received this change after changes that were made later.">
                    {' '}
                    · sent later
                  </span>
                )}
              </div>
              <div role="gridcell" className={classes.changes}>
                {summary(entry, context)}
              </div>
            </div>
          )
        })}
      </div>
    </div>
  )
}
