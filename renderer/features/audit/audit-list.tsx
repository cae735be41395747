import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { createColumnHelper } from '@tanstack/react-table'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { formatInstant } from '../../format/times.ts'
import { usePeople } from '../../session/use-names.ts'
import type { People } from '../../session/use-names.ts'
import type { GridRows } from '../../ui/grid/grid-rows.ts'
import { VirtualGrid } from '../../ui/grid/virtual-grid.tsx'
import { diffLines, entryTitle } from './audit-diff.ts'
import type { DiffContext, DiffLine } from './audit-diff.ts'
import classes from './audit-list.module.css'
import { useDiffContext } from './use-diff-context.ts'

/** The next page is loaded when this many rows are left below the view. */
const AHEAD = 30

type Props = {
  /** Identifies the filter. */
  readonly list: unknown
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

/** Returns the changes of an entry in one line of text. */
function summary(entry: TrailEntry, context: DiffContext): string {
  return diffLines(entry, context).map(lineText).join(' · ')
}

const column = createColumnHelper<TrailEntry>()

function trailColumns(people: People, context: DiffContext, sentLater: ReadonlySet<string>): ColumnDef<TrailEntry, never>[] {
  return [
    column.display({ id: 'when', header: t`When`, cell: ({ row }) => formatInstant(row.original.createdAt, context.zone) }),
    column.display({ id: 'who', header: t`Who`, cell: ({ row }) => people.name(row.original.userId) }),
    column.display({
      id: 'what',
      header: t`What`,
      cell: ({ row: { original: entry } }) => (
        <>
          {entryTitle(entry)}
          {entry.isWaiting && (
            <span className={classes.note}>
              {' · '}
              <Trans>waiting to be sent</Trans>
            </span>
          )}
          {sentLater.has(entry.id) && (
            <span className={classes.note} title={t`The server received this change after changes that were made later.`}>
              {' · '}
              <Trans>sent later</Trans>
            </span>
          )}
        </>
      ),
    }),
    column.display({
      id: 'changes',
      header: t`Changes`,
      cell: ({ row }) => summary(row.original, context),
      meta: { className: classes.changes ?? '' },
    }),
  ] as ColumnDef<TrailEntry, never>[]
}

/** The audit trail, latest arrival first. Scrolling loads more entries. */
export function AuditList({ list, entries, sentLater, isSwitching, onEnd, onOpen }: Props) {
  const people = usePeople()
  const context = useDiffContext()
  const [active, setActive] = useState({ index: 0, id: entries[0]?.id })
  const columns = useMemo(() => trailColumns(people, context, sentLater), [people, context, sentLater])
  const rows: GridRows<TrailEntry> = {
    total: entries.length,
    rowAt: (index) => entries[index],
    isFresh: () => true,
    indexOf: (id) => {
      const index = entries.findIndex((entry) => entry.id === id)
      return index === -1 ? undefined : index
    },
    show: (_first, last) => {
      if (last >= entries.length - AHEAD) onEnd()
    },
  }
  // The active entry stays active when new ones arrive above it.
  const index = entries[active.index]?.id === active.id ? active.index : (rows.indexOf(active.id ?? '') ?? 0)
  const activate = (to: number) => setActive({ index: to, id: entries[to]?.id })
  const open = (at: number) => {
    const entry = entries[at]
    if (entry !== undefined) onOpen(entry)
  }
  return (
    <VirtualGrid
      label={t`Audit trail`}
      list={list}
      rows={rows}
      columns={columns}
      className={classes.columns}
      isCounted={false}
      isSwitching={isSwitching}
      active={index}
      isSelected={(at) => at === index}
      onMove={activate}
      onKey={(event) => {
        if (event.key !== 'Enter') return false
        open(index)
        return true
      }}
      onPress={(at) => {
        activate(at)
        open(at)
      }}
    />
  )
}
