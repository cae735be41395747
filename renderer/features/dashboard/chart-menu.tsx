import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { framed } from '../../../core/charts/framed.ts'
import { BACKGROUNDS, PALETTES } from '../../../core/charts/palette.ts'
import { svgOf } from '../../../core/charts/svg.ts'
import type { ChartName, PictureFormat } from '../../../core/contract/report-files.ts'
import { cellText } from '../../../core/reports/cells.ts'
import { funnelChart, hoursChart, paretoChart, trendChart, type FileChart } from '../../../core/reports/charts.ts'
import { numberFormat } from '../../../core/figures/number-format.ts'
import {
  FUNNEL_TITLE,
  HOUR_LABELS,
  HOURS_TITLE,
  LOSS_REASONS_TITLE,
  TREND_TITLES,
  type HourMeasure,
} from '../../../core/figures/report-parts.ts'
import { reportFacts } from '../../../core/reports/report-facts.ts'
import { daysText } from '../../../core/time/report-periods.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { NUMBER_LOCALE } from '../../format/number-locale.ts'
import { useRights } from '../../session/session-context.ts'
import { pngOf } from '../../ui/chart/picture.ts'
import { saveBlob } from '../../ui/save-blob.ts'
import { saveDownload } from '../../view/save-download.ts'
import { useShownReport, type ShownReport } from './shown-report.ts'

const WIDTH = 800

/** Pictures are in English, as all files. */
const numbers = numberFormat(NUMBER_LOCALE)

/** Returns the title of a picture. */
function titleOf(chart: ChartName, measure: HourMeasure, { page }: ShownReport): string {
  switch (chart) {
    case 'trend':
      return TREND_TITLES[page.bucketSize]
    case 'loss_reasons':
      return LOSS_REASONS_TITLE
    case 'hours':
      return `${HOURS_TITLE}: ${HOUR_LABELS[measure]}`
    case 'funnel':
      return FUNNEL_TITLE
  }
}

function chartOf(chart: ChartName, measure: HourMeasure, { page, hours, weekStart }: ShownReport): FileChart {
  switch (chart) {
    case 'trend':
      return trendChart(page, numbers, WIDTH)
    case 'loss_reasons':
      return paretoChart(page, numbers, WIDTH)
    case 'hours':
      return hoursChart(measure, hours, weekStart, numbers, WIDTH)
    case 'funnel':
      return funnelChart(page, numbers, WIDTH)
  }
}

/** The lines with period, filters and zone below the title of a picture. */
function linesOf(report: ShownReport): string[] {
  const facts = reportFacts(report).map(({ label, cell }) => {
    const value = cellText(cell, numbers, report.page.zone)
    // A time is not broken between two lines.
    return `${label}: ${cell.kind === 'instant' ? value.replaceAll(' ', '\u00a0') : value}`
  })
  return [facts.join(' · ')]
}

type Props = {
  readonly chart: ChartName
  /** The title of the chart in the window. */
  readonly title: string
  /** Of the hours of the week. */
  readonly measure?: HourMeasure
}

/** Exports a chart: as a picture with title, filters and legend, or its numbers as CSV. */
export function ChartMenu({ chart, title: shownTitle, measure = 'volume' }: Props) {
  const { api } = useApi()
  const rights = useRights()
  const report = useShownReport()
  if (rights.reach('export.run') === 'none') return null

  const savePicture = async (format: PictureFormat) => {
    try {
      const title = titleOf(chart, measure, report)
      const { drawing, legend, note } = chartOf(chart, measure, report)
      const lines = [...linesOf(report), ...(note === undefined ? [] : [note])]
      const picture = framed(drawing, { title, lines, legend })
      const fileName = `${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${daysText(report.page.range, report.page.zone)}.${format}`
      const blob =
        format === 'png'
          ? await pngOf(picture, PALETTES.light, BACKGROUNDS.light)
          : new Blob([svgOf(picture, PALETTES.light, BACKGROUNDS.light, title)], { type: 'image/svg+xml' })
      // The audit entry comes first: if it fails, no picture is saved.
      await api.reports.picture({ ...report.request, chart, format, fileName, rows: drawing.spots.length })
      saveBlob(fileName, blob)
    } catch (error) {
      notifyError(error)
    }
  }
  const saveTable = async () => {
    try {
      const file = await api.reports.file({ ...report.request, format: 'csv', table: chart })
      if (file.download !== null) saveDownload(file.download, file.fileName)
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <Menu position="bottom-end" width={200} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon aria-label={t`Export ${shownTitle}`} data-screen-only>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void savePicture('png')}>
          <Trans>Picture (PNG)</Trans>
        </Menu.Item>
        <Menu.Item onClick={() => void savePicture('svg')}>
          <Trans>Vector picture (SVG)</Trans>
        </Menu.Item>
        <Menu.Item onClick={() => void saveTable()}>
          <Trans>Numbers (CSV)</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
