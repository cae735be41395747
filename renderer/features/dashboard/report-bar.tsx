import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Badge, Button, Group, Select } from '@mantine/core'
import { CALL_TYPES } from '../../../core/model/call-fields.ts'
import { COMPARISONS, type Comparison } from '../../../core/time/report-periods.ts'
import type { PeriodChoice } from '../../format/period-choice.ts'
import { callFieldLabel, callTypeLabel, options, personLabel } from '../../format/labels.ts'
import { usePeople } from '../../session/use-names.ts'
import { useRights } from '../../session/session-context.ts'
import { MultiFilter } from '../../ui/multi-filter.tsx'
import { PeriodPicker } from '../../ui/period-picker.tsx'
import type { SavedViews } from '../../../core/contract/views.ts'
import { ViewsMenu } from './views-menu.tsx'
import { KnownOnPicker } from './known-on-picker.tsx'
import { FIRST_DASHBOARD, type DashboardView } from './dashboard-view.ts'

const COMPARISONS_OFFERED: Record<Comparison, MessageDescriptor> = {
  previous: msg`Compare with previous period`,
  year: msg`Compare with a year earlier`,
  none: msg`No comparison`,
}
const comparisonLabel = (comparison: Comparison) => i18n.t(COMPARISONS_OFFERED[comparison])

const isAllTime = (period: PeriodChoice) => period.kind === 'named' && period.period === 'all'

/** The filters of the dashboard. They stay visible while the page scrolls. */
export function ReportBar({
  view,
  isOwn,
  views,
  onChange,
}: {
  readonly view: DashboardView
  /** Undefined: not loaded. */
  readonly views: SavedViews | undefined
  readonly isOwn: boolean
  onChange: (view: DashboardView) => void
}) {
  const rights = useRights()
  const people = usePeople()
  const isFiltered =
    view.userIds.length > 0 ||
    view.callTypes.length > 0 ||
    view.compare !== 'previous' ||
    view.savedView !== null ||
    view.knownOn !== null
  return (
    <Group gap="sm" role="search" aria-label={t`Filter dashboard`}>
      {views !== undefined && <ViewsMenu view={view} views={views} onOpen={onChange} />}
      <PeriodPicker value={view.period} onChange={(period) => onChange({ ...view, period })} />
      <Select
        aria-label={t`Comparison`}
        w={240}
        data={options(COMPARISONS, comparisonLabel)}
        // There is no earlier period to compare all time with.
        value={isAllTime(view.period) ? 'none' : view.compare}
        disabled={isAllTime(view.period)}
        onChange={(value) => onChange({ ...view, compare: COMPARISONS.find((each) => each === value) ?? 'previous' })}
      />
      {rights.reach('reports.read') === 'all' && (
        <MultiFilter
          label={callFieldLabel('userId')}
          choices={people.list.map((person) => ({ value: person.id, label: personLabel(person) }))}
          value={view.userIds}
          onChange={(userIds) =>
            onChange({ ...view, userIds: people.list.map(({ id }) => id).filter((id) => userIds.includes(id)) })
          }
        />
      )}
      <MultiFilter
        label={callFieldLabel('callType')}
        choices={options(CALL_TYPES, callTypeLabel)}
        value={view.callTypes}
        onChange={(values) => onChange({ ...view, callTypes: CALL_TYPES.filter((type) => values.includes(type)) })}
      />
      <KnownOnPicker value={view.knownOn} onChange={(knownOn) => onChange({ ...view, knownOn })} />
      {isFiltered && (
        <Button variant="subtle" onClick={() => onChange({ ...FIRST_DASHBOARD, period: view.period })}>
          <Trans>Reset</Trans>
        </Button>
      )}
      {isOwn && (
        <Badge>
          <Trans>Your own calls</Trans>
        </Badge>
      )}
    </Group>
  )
}
