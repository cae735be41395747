import { t } from '@lingui/core/macro'
import { Anchor } from '@mantine/core'
import { createContext, useContext } from 'react'
import type { ReactNode } from 'react'
import type { CallFilter } from '../../../core/contract/calls.ts'
import type { CountedCalls } from '../../../core/metrics/counted-calls.ts'
import { outcomeWord, statusWord } from '../../format/labels.ts'
import { useViewState } from '../../view/view-state.ts'

/** The calls of the report that contains a mark: its exact period, people and types. */
export const ReportCalls = createContext<CallFilter>({})

/** Returns a function that opens calls of the report in the panel on the right. The filter of the report is kept where `calls` has none. */
export function useOpenCalls(): (title: string, calls: CallFilter) => void {
  const report = useContext(ReportCalls)
  const openPanel = useViewState((state) => state.openPanel)
  return (title, calls) => openPanel({ kind: 'calls', title, filter: { ...report, ...calls } })
}

/** Returns a description of the counted calls, for example `completed, no-show`. */
export function countedText({ statuses = [], outcomes = [], hasDuration }: CountedCalls): string {
  const kinds = [...statuses.map(statusWord), ...outcomes.map(outcomeWord)].join(', ')
  const text = kinds === '' ? t`all calls` : kinds
  return hasDuration === true ? t`${text}, with a duration` : text
}

/** Returns the accessible name of a control that opens calls. */
export const showCalls = (label: string): string => t`${label}: show the calls`

type Props = {
  /** The title of the list of calls. */
  readonly title: string
  readonly calls: CallFilter
  /** The accessible name: the counted calls. It contains the visible text. */
  readonly label: string
  readonly children: ReactNode
  readonly size?: 'figure'
}

/** A number or a name that opens the calls that it counts. */
export function CallsMark({ title, calls, label, children, size }: Props) {
  const open = useOpenCalls()
  return (
    <Anchor
      component="button"
      type="button"
      c="inherit"
      ta="inherit"
      aria-label={showCalls(label)}
      {...(size === 'figure' && { fz: 24, lh: '32px', fw: 600 })}
      onClick={() => open(title, calls)}
    >
      {children}
    </Anchor>
  )
}
