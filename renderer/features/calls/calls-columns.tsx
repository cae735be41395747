import { t } from '@lingui/core/macro'
import { createColumnHelper } from '@tanstack/react-table'
import type { ColumnDef } from '@tanstack/react-table'
import type { Call } from '../../../core/model/call.ts'
import { formatDuration } from '../../format/durations.ts'
import { callTypeLabel } from '../../format/labels.ts'
import { NONE } from '../../format/numbers.ts'
import type { LossReasons, People } from '../../session/use-names.ts'
import { EventTime } from '../../ui/event-time.tsx'
import { Marked, MarkedLine } from '../../ui/marked.tsx'
import { OutcomeBadge, StatusBadge } from './call-badges.tsx'
import classes from './calls-grid.module.css'
import type { MarksOf } from './use-call-marks.ts'
import type { HiddenColumns } from './use-hidden-columns.ts'

export type CallColumnContext = {
  readonly people: People
  readonly reasons: LossReasons
  readonly zone: string
  readonly now: number
  readonly marksOf: MarksOf
  readonly hidden: HiddenColumns
}

const column = createColumnHelper<Call>()

/** The columns of the list, left to right. The id of a sortable column is its name in the API. */
export function callColumns({ people, reasons, zone, now, marksOf, hidden }: CallColumnContext): ColumnDef<Call, never>[] {
  const columns = [
    column.accessor('eventAt', {
      header: t`When`,
      cell: ({ getValue }) => <EventTime at={getValue()} now={now} zone={zone} />,
      meta: { className: classes.when ?? '' },
    }),
    column.accessor('prospectName', {
      header: t`Prospect`,
      // The first click on a name sorts from A; on a time or duration from the latest or longest.
      sortDescFirst: false,
      cell: ({ row: { original } }) => <Marked text={original.prospectName} spans={marksOf(original).name} />,
      meta: { className: classes.prospect ?? '' },
    }),
    column.accessor('prospectPhone', {
      header: t`Phone`,
      enableSorting: false,
      cell: ({ row: { original } }) => <Marked text={original.prospectPhone ?? NONE} spans={marksOf(original).phone} />,
      meta: { className: classes.phone ?? '' },
    }),
    column.accessor('userId', {
      header: t`Agent`,
      enableSorting: false,
      cell: ({ getValue }) => people.name(getValue()),
      meta: { className: classes.agent ?? '' },
    }),
    column.accessor('callType', {
      header: t`Type`,
      enableSorting: false,
      cell: ({ getValue }) => callTypeLabel(getValue()),
      meta: { className: classes.type ?? '' },
    }),
    column.accessor('status', {
      header: t`Status`,
      enableSorting: false,
      cell: ({ getValue }) => <StatusBadge status={getValue()} />,
      meta: { className: classes.status ?? '' },
    }),
    column.accessor('outcome', {
      header: t`Outcome`,
      enableSorting: false,
      cell: ({ row: { original } }) => {
        const { outcome, lossReasonId } = original
        if (outcome === null) return NONE
        return <OutcomeBadge outcome={outcome} reason={lossReasonId === null ? undefined : reasons.name(lossReasonId)} />
      },
      meta: { className: classes.outcome ?? '' },
    }),
    column.accessor('callDuration', {
      header: t`Duration`,
      cell: ({ getValue }) => {
        const seconds = getValue()
        return seconds === null ? NONE : formatDuration(seconds)
      },
      meta: { className: classes.duration ?? '' },
    }),
    column.accessor('notes', {
      header: t`Notes`,
      enableSorting: false,
      cell: ({ row: { original } }) => <MarkedLine text={original.notes ?? ''} spans={marksOf(original).notes} />,
      meta: { className: classes.notes ?? '' },
    }),
  ] as (ColumnDef<Call, never> & { readonly accessorKey: string })[]
  return columns.filter(({ accessorKey }) => !hidden.has(accessorKey))
}
