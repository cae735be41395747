import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Table, Text } from '@mantine/core'
import { drawTrend } from '../../../core/charts/trend.ts'
import type { ReportBucket, ReportPage } from '../../../core/contract/reports.ts'
import { callsOfCount, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import { callsOf, TREND_PARTS } from '../../../core/figures/report-parts.ts'
import { dateWords } from '../../format/date-locale.ts'
import { formatCount } from '../../format/numbers.ts'
import { formatTarget } from '../../format/targets.ts'
import { bucketLabel, bucketTitle } from '../../../core/time/bucket-names.ts'
import { Chart, Swatch } from '../../ui/chart/chart.tsx'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { CallsMark, countedText, useOpenCalls } from './calls-mark.tsx'
import { ChartSection } from './chart-section.tsx'
import { bucketSizeLabel, goalsLabel, partLabel, partWord, trendTitle } from './report-labels.ts'

const HEIGHT = 220

/** The calls of a bucket. */
const callsIn = ({ from, to }: ReportBucket, calls: CountedCalls = {}) => ({ from, to, ...calls })

function inWords(bucket: ReportBucket, title: string): string {
  const parts = TREND_PARTS.filter((part) => bucket.counts[part] > 0).map(
    (part) => `${formatCount(bucket.counts[part])} ${partWord(part)}`,
  )
  const detail = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  const count = callsOf(bucket.counts)
  return `${withPartial(bucket, title)}, ${t`${plural(count, { one: '# call', other: '# calls' })}`}${detail}`
}

/** Marks the name of a bucket that is not complete. */
const withPartial = ({ isPartial }: ReportBucket, title: string) => (isPartial ? t`${title} (partial)` : title)

/** Calls by day, week or month and status, with a line for the compared period. */
export function TrendSection({ report }: { readonly report: ReportPage }) {
  const open = useOpenCalls()
  const { buckets, formerBuckets, goals, bucketSize, zone } = report
  const title = trendTitle(bucketSize)
  const dates = dateWords()
  const nameOf = (bucket: ReportBucket) => bucketTitle(bucket, bucketSize, zone, dates)
  /** A count of a bucket that opens its calls. */
  const mark = (bucket: ReportBucket, count: number, calls: CountedCalls = {}) => {
    const calledTitle = `${nameOf(bucket)}: ${countedText(calls)}`
    return (
      <CallsMark title={calledTitle} label={`${calledTitle}, ${formatCount(count)}`} calls={callsIn(bucket, calls)}>
        {formatCount(count)}
      </CallsMark>
    )
  }
  return (
    <ChartSection
      title={title}
      name="trend"
      chart={
        <Chart
          label={title}
          height={HEIGHT}
          draw={(width, height) =>
            drawTrend({
              width,
              height,
              buckets,
              former: formerBuckets,
              goals,
              axisLabel: (bucket) => bucketLabel(bucket, bucketSize, zone, dates),
              spotLabel: (bucket) => inWords(bucket, nameOf(bucket)),
              formatCount,
            })
          }
          onOpen={(index) => {
            const bucket = buckets[index]
            if (bucket !== undefined) open(nameOf(bucket), callsIn(bucket))
          }}
          legend={<Legend hasFormer={formerBuckets.length > 1} hasGoals={goals.length > 0} />}
        />
      }
      table={
        <Table.ScrollContainer minWidth={560} mah={320}>
          <GridTable aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{bucketSizeLabel(bucketSize)}</Table.Th>
                {TREND_PARTS.map((part) => (
                  <Table.Th key={part} ta="end">
                    {partLabel(part)}
                  </Table.Th>
                ))}
                <Table.Th ta="end">
                  <Trans>All</Trans>
                </Table.Th>
                <Table.Th ta="end">
                  <Trans>Before</Trans>
                </Table.Th>
                {goals.length > 0 && (
                  <Table.Th ta="end">
                    <Trans>Target (completed)</Trans>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {buckets.map((bucket, index) => {
                const former = formerBuckets[index]
                return (
                  <Table.Tr key={bucket.from}>
                    <Table.Td>{withPartial(bucket, nameOf(bucket))}</Table.Td>
                    {TREND_PARTS.map((part) => (
                      <Table.Td key={part} ta="end">
                        {mark(bucket, bucket.counts[part], callsOfCount(part))}
                      </Table.Td>
                    ))}
                    <Table.Td ta="end">{mark(bucket, callsOf(bucket.counts))}</Table.Td>
                    <Table.Td ta="end">{former !== undefined && mark(former, callsOf(former.counts))}</Table.Td>
                    {goals.length > 0 && <Table.Td ta="end">{formatTarget('completed', goals[index] ?? null)}</Table.Td>}
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </GridTable>
        </Table.ScrollContainer>
      }
    />
  )
}

function Legend({ hasFormer, hasGoals }: { readonly hasFormer: boolean; readonly hasGoals: boolean }) {
  return (
    <Group gap="md" component="span">
      {TREND_PARTS.map((part) => (
        <Text span key={part}>
          <Swatch ink={part} />
          {partLabel(part)}
        </Text>
      ))}
      {hasFormer && (
        <Text span>
          - - <Trans>Compared period</Trans>
        </Text>
      )}
      {hasGoals && (
        <Text span>
          <Swatch ink="target" />
          {goalsLabel()}
        </Text>
      )}
    </Group>
  )
}
