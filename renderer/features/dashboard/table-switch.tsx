import { t } from '@lingui/core/macro'
import { SegmentedControl } from '@mantine/core'

export type Shape = 'chart' | 'table'

/** Chooses between a chart and the table of its data. */
export function TableSwitch({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: Shape
  onChange: (shape: Shape) => void
}) {
  return (
    <SegmentedControl
      data-screen-only
      aria-label={t`${label}: chart or table`}
      value={value}
      data={[
        { value: 'chart', label: t`Chart` },
        { value: 'table', label: t`Table` },
      ]}
      onChange={(shape) => onChange(shape === 'table' ? 'table' : 'chart')}
    />
  )
}
