import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Anchor } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { KnownPage } from '../../../core/contract/known.ts'
import type { Figure } from '../../../core/metrics/metrics.ts'
import { formatFigure } from '../../format/numbers.ts'
import { dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'
import { missingReassigned } from './report-labels.ts'

/** The notice above the figures of an earlier day: what they show, and what has changed since then. */
export function KnownNotice({ known, view }: { readonly known: KnownPage; readonly view: DashboardView }) {
  const changed = known.page.figures.flatMap((past) => {
    const today = known.today.find(({ key }) => key === past.key)
    const isSame = today?.numerator === past.numerator && today.denominator === past.denominator
    return today === undefined || isSame ? [] : [{ past, today }]
  })
  const close = changed.find(({ past }) => past.key === 'close_rate')
  const day = view.knownOn ?? ''
  const search = { ...dashboardViewToSearch(view), figure: changed[0]?.past.key ?? 'calls' }
  return (
    <Alert mb="md" icon={<IconHistory size={16} />} title={t`As known on ${day}`}>
      <Trans>
        The figures as they were at the end of this day, counted in the current time zone. Numbers and charts open the calls as
        they are now.
      </Trans>{' '}
      {known.coverage === 'own' && `${missingReassigned()} `}
      {changed.length === 0 ? t`No later change affects these figures.` : `${changeText(close)} `}
      {changed.length > 0 && (
        <Anchor renderRoot={(props) => <Link to="/corrections" search={search} {...props} />}>
          <Trans>Show the corrections</Trans>
        </Anchor>
      )}
    </Alert>
  )
}

/** A figure then and now. */
type Changed = { readonly past: Figure; readonly today: Figure }

function changeText(close: Changed | undefined): string {
  if (close === undefined) return t`Some figures have changed since then.`
  const [past, today] = [formatFigure(close.past), formatFigure(close.today)]
  return t`The close rate was ${past}; it is ${today} today.`
}
