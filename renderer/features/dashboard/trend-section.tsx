import { Anchor, Group, Table, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { drawTrend } from '../../../core/charts/trend.ts'
import type { ReportBucket, ReportPage } from '../../../core/contract/reports.ts'
import { BUCKET_LABELS, callsOf, PART_LABELS, TREND_PARTS, TREND_TITLES } from '../../../core/figures/report-parts.ts'
import { localDay } from '../../../core/time/time-range.ts'
import { formatCount, plural } from '../../format/numbers.ts'
import { bucketLabel, bucketTitle } from '../../../core/time/bucket-names.ts'
import { Chart, Swatch } from '../../ui/chart/chart.tsx'
import { ChartMenu } from './chart-menu.tsx'
import { rowsOf, type DashboardView } from './dashboard-view.ts'
import { Section } from './section.tsx'
import { TableSwitch, type Shape } from './table-switch.tsx'

const HEIGHT = 220

function inWords(bucket: ReportBucket, title: string): string {
  const parts = TREND_PARTS.filter((part) => bucket.counts[part] > 0).map(
    (part) => `${formatCount(bucket.counts[part])} ${PART_LABELS[part].toLowerCase()}`,
  )
  const detail = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${title}${bucket.isPartial ? ' (partial)' : ''}, ${plural(callsOf(bucket.counts), 'call')}${detail}`
}

/** Calls by day, week or month and status, with the line of the period before. */
export function TrendSection({ report, view }: { readonly report: ReportPage; readonly view: DashboardView }) {
  const navigate = useNavigate()
  const [shape, setShape] = useState<Shape>('chart')
  const { buckets, formerBuckets, bucketSize, zone } = report
  const title = TREND_TITLES[bucketSize]
  const search = (bucket: ReportBucket) =>
    rowsOf(view, { period: { kind: 'days', from: localDay(bucket.from, zone), to: localDay(bucket.to - 1, zone) } })
  return (
    <Section
      title={title}
      actions={
        <Group gap="xs" wrap="nowrap">
          <TableSwitch label={title} value={shape} onChange={setShape} />
          <ChartMenu chart="trend" title={title} />
        </Group>
      }
    >
      {shape === 'chart' ? (
        <Chart
          label={title}
          height={HEIGHT}
          draw={(width, height) =>
            drawTrend({
              width,
              height,
              buckets,
              former: formerBuckets,
              axisLabel: (bucket) => bucketLabel(bucket, bucketSize, zone),
              spotLabel: (bucket) => inWords(bucket, bucketTitle(bucket, bucketSize, zone)),
              formatCount,
            })
          }
          onOpen={(index) => {
            const bucket = buckets[index]
            if (bucket !== undefined) void navigate({ to: '/calls', search: search(bucket) })
          }}
          legend={<Legend hasFormer={formerBuckets.length > 1} />}
        />
      ) : (
        <Table.ScrollContainer minWidth={560} mah={320}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{BUCKET_LABELS[bucketSize]}</Table.Th>
                {TREND_PARTS.map((part) => (
                  <Table.Th key={part} ta="end">
                    {PART_LABELS[part]}
                  </Table.Th>
                ))}
                <Table.Th ta="end">All</Table.Th>
                <Table.Th ta="end">Before</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {buckets.map((bucket, index) => {
                const former = formerBuckets[index]
                return (
                  <Table.Tr key={bucket.from}>
                    <Table.Td>
                      <Anchor c="inherit" renderRoot={(props) => <Link to="/calls" search={search(bucket)} {...props} />}>
                        {bucketTitle(bucket, bucketSize, zone)}
                        {bucket.isPartial && ' (partial)'}
                      </Anchor>
                    </Table.Td>
                    {TREND_PARTS.map((part) => (
                      <Table.Td key={part} ta="end">
                        {formatCount(bucket.counts[part])}
                      </Table.Td>
                    ))}
                    <Table.Td ta="end">{formatCount(callsOf(bucket.counts))}</Table.Td>
                    <Table.Td ta="end">{former === undefined ? '' : formatCount(callsOf(former.counts))}</Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  )
}

function Legend({ hasFormer }: { readonly hasFormer: boolean }) {
  return (
    <Group gap="md" component="span">
      {TREND_PARTS.map((part) => (
        <Text span key={part}>
          <Swatch ink={part} />
          {PART_LABELS[part]}
        </Text>
      ))}
      {hasFormer && <Text span>- - the period before</Text>}
    </Group>
  )
}
