import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { DataList, Text } from '@mantine/core'
import type { Ageing } from '../../../core/contract/reports.ts'
import { callsOfCount } from '../../../core/metrics/counted-calls.ts'
import { figureLabel } from '../../format/figure-labels.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatAge } from '../../format/durations.ts'
import { CallsMark } from './calls-mark.tsx'
import { undecidedTitle } from './report-labels.ts'
import { Section } from './section.tsx'

const UNDECIDED = callsOfCount('undecided')

/** How long undecided calls have waited for an outcome. */
export function AgeingSection({ undecided, computedAt }: { readonly undecided: Ageing; readonly computedAt: number }) {
  return (
    <Section title={undecidedTitle()}>
      {undecided.count === 0 ? (
        <Text c="dimmed">
          <Trans>No undecided calls in this period.</Trans>
        </Text>
      ) : (
        <DataList labelWidth={210}>
          <DataList.Item>
            <DataList.ItemLabel>
              <Trans>Calls</Trans>
            </DataList.ItemLabel>
            <DataList.ItemValue>
              <CallsMark
                title={undecidedTitle()}
                calls={UNDECIDED}
                label={`${figureLabel('undecided')} ${formatCount(undecided.count)}`}
              >
                {formatCount(undecided.count)}
              </CallsMark>
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>
              <Trans>Half are older than</Trans>
            </DataList.ItemLabel>
            <DataList.ItemValue>
              <AgeMark age={undecided.median} computedAt={computedAt} />
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>
              <Trans>1 in 10 is older than</Trans>
            </DataList.ItemLabel>
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
  const title = t`Undecided for ${text} or longer`
  return (
    <CallsMark title={title} calls={{ ...UNDECIDED, to: computedAt - age + 1 }} label={title}>
      {text}
    </CallsMark>
  )
}
