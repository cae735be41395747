import { Anchor, DataList, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Ageing } from '../../../core/contract/reports.ts'
import { UNDECIDED_TITLE } from '../../../core/figures/report-parts.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatAge } from '../../format/durations.ts'
import { undecidedRows, type DashboardView } from './dashboard-view.ts'
import { Section } from './section.tsx'

const spell = (ms: number | null) => (ms === null ? NONE : formatAge(ms))

/** How long undecided calls have waited for an outcome. */
export function AgeingSection({ undecided, view }: { readonly undecided: Ageing; readonly view: DashboardView }) {
  return (
    <Section title={UNDECIDED_TITLE}>
      {undecided.count === 0 ? (
        <Text c="dimmed">No undecided calls in this period.</Text>
      ) : (
        <DataList>
          <DataList.Item>
            <DataList.ItemLabel>Calls</DataList.ItemLabel>
            <DataList.ItemValue>
              <Anchor renderRoot={(props) => <Link to="/calls" search={undecidedRows(view)} {...props} />}>
                {formatCount(undecided.count)}
              </Anchor>
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>Half are older than</DataList.ItemLabel>
            <DataList.ItemValue>{spell(undecided.median)}</DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>One in ten is older than</DataList.ItemLabel>
            <DataList.ItemValue>{spell(undecided.p90)}</DataList.ItemValue>
          </DataList.Item>
        </DataList>
      )}
    </Section>
  )
}
