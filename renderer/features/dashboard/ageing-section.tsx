import { DataList, Text } from '@mantine/core'
import type { Ageing } from '../../../core/contract/reports.ts'
import { callsOfCount } from '../../../core/metrics/counted-calls.ts'
import { UNDECIDED_TITLE } from '../../../core/figures/report-parts.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatAge } from '../../format/durations.ts'
import { CallsMark } from './calls-mark.tsx'
import { Section } from './section.tsx'

const UNDECIDED = callsOfCount('undecided')

/** How long undecided calls have waited for an outcome. */
export function AgeingSection({ undecided, computedAt }: { readonly undecided: Ageing; readonly computedAt: number }) {
  return (
    <Section title={UNDECIDED_TITLE}>
      {undecided.count === 0 ? (
        <Text c="dimmed">No undecided calls in this period.</Text>
      ) : (
        <DataList labelWidth={210}>
          <DataList.Item>
            <DataList.ItemLabel>Calls</DataList.ItemLabel>
            <DataList.ItemValue>
              <CallsMark title="Undecided calls" calls={UNDECIDED} label={`Undecided ${formatCount(undecided.count)}`}>
                {formatCount(undecided.count)}
              </CallsMark>
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>Half are older than</DataList.ItemLabel>
            <DataList.ItemValue>
              <AgeMark age={undecided.median} computedAt={computedAt} />
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>1 in 10 is older than</DataList.ItemLabel>
            <DataList.ItemValue>
              <AgeMark age={undecided.p90} computedAt={computedAt} />
            </DataList.ItemValue>
          </DataList.Item>
        </DataList>
      )}
    </Section>
  )
}

/** An age that opens the undecided calls of this age and older. */
function AgeMark({ age, computedAt }: { readonly age: number | null; readonly computedAt: number }) {
  if (age === null) return NONE
  const text = formatAge(age)
  return (
    <CallsMark
      title={`Undecided for ${text} or longer`}
      calls={{ ...UNDECIDED, to: computedAt - age + 1 }}
      label={`Undecided for ${text} or longer`}
    >
      {text}
    </CallsMark>
  )
}
