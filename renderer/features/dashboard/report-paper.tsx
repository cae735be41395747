import { Stack, Text } from '@mantine/core'
import { PROVEN_KEYS } from '../../../core/metrics/proof.ts'
import { cellText } from '../../../core/reports/cells.ts'
import { reportFacts } from '../../../core/reports/report-facts.ts'
import { figureDefinition, figureLabel } from '../../format/figure-labels.ts'
import { numbers } from '../../format/number-locale.ts'
import { FACT_WORDS } from './fact-words.ts'
import { useShownReport } from './shown-report.ts'

/** The facts of a printed report: period, filters, zone, time. Only on paper, where the bar with the filters is left out. */
export function PaperFacts() {
  const report = useShownReport()
  return (
    <div data-print-only style={{ marginBottom: 16 }}>
      {reportFacts(report, FACT_WORDS).map(({ key, label, cell }) => (
        <Text key={key}>
          {label}: {cellText(cell, numbers, report.page.zone)}
        </Text>
      ))}
    </div>
  )
}

/** How the figures are computed. Only on paper, where the popovers of the cards cannot be opened. */
export function PaperDefinitions() {
  return (
    <div data-print-only>
      <Stack gap={0}>
        {PROVEN_KEYS.map((key) => (
          <Text key={key}>
            {figureLabel(key)}: {figureDefinition(key)}
          </Text>
        ))}
      </Stack>
    </div>
  )
}
