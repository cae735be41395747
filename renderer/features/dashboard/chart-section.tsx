import { Group } from '@mantine/core'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { ChartName } from '../../../core/contract/report-files.ts'
import { ChartMenu } from './chart-menu.tsx'
import { Section } from './section.tsx'
import { TableSwitch, type Shape } from './table-switch.tsx'

type Props = {
  readonly title: string
  readonly name: ChartName
  readonly chart: ReactNode
  /** The data of the chart. */
  readonly table: ReactNode
}

/** A part of the dashboard that shows a chart or the table of its data, and saves either. */
export function ChartSection({ title, name, chart, table }: Props) {
  const [shape, setShape] = useState<Shape>('chart')
  return (
    <Section
      title={title}
      actions={
        <Group gap="xs" wrap="nowrap">
          <TableSwitch label={title} value={shape} onChange={setShape} />
          <ChartMenu chart={name} title={title} />
        </Group>
      }
    >
      {shape === 'chart' ? chart : table}
    </Section>
  )
}
