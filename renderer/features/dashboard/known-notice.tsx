import { Alert, Anchor } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { KnownPage } from '../../../core/contract/known.ts'
import { formatFigure } from '../../format/numbers.ts'
import { dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'

/** The notice above the figures of an earlier day: what they show, and what has changed since then. */
export function KnownNotice({ known, view }: { readonly known: KnownPage; readonly view: DashboardView }) {
  const changed = known.page.figures.flatMap((past) => {
    const today = known.today.find(({ key }) => key === past.key)
    const isSame = today?.numerator === past.numerator && today.denominator === past.denominator
    return today === undefined || isSame ? [] : [{ past, today }]
  })
  const close = changed.find(({ past }) => past.key === 'close_rate')
  const search = { ...dashboardViewToSearch(view), figure: changed[0]?.past.key ?? 'calls' }
  return (
    <Alert mb="md" icon={<IconHistory size={16} />} title={`As known on ${view.knownOn ?? ''}`}>
      The figures as they were at the end of this day, counted in the current time zone. Numbers and charts open the calls as they
      are now.
      {known.coverage === 'own' && ' Calls that were reassigned since then are missing on this device.'}
      {changed.length === 0
        ? ' No later change affects these figures.'
        : close === undefined
          ? ' Some figures have changed since then. '
          : ` The close rate was ${formatFigure(close.past)}; it is ${formatFigure(close.today)} today. `}
      {changed.length > 0 && (
        <Anchor renderRoot={(props) => <Link to="/corrections" search={search} {...props} />}>Show the corrections</Anchor>
      )}
    </Alert>
  )
}
