import { expect, test } from 'vitest'
import { reportFacts } from '../../../core/reports/report-facts.ts'
import { sampleReport } from '../../../core/reports/testing/sample-report.ts'
import { FACT_WORDS } from './fact-words.ts'

const sample = sampleReport()
const { page, request } = sample
const known = { knownAt: page.computedAt, computedAt: page.computedAt, coverage: 'own' } as const

test.each([
  ['now, with a comparison', sample],
  ['of an earlier day', { ...sample, known }],
  ['compared with a year earlier', { ...sample, request: { ...request, compare: 'year' as const } }],
  [
    'of some people and types',
    { ...sample, request: { ...request, userIds: [...sample.people.map(({ id }) => id), 'x'], callTypes: ['inbound' as const] } },
  ],
  ['of the reader, without a comparison', { ...sample, page: { ...page, reach: 'own' as const, compared: null } }],
  ['without a beginning', { ...sample, request: { ...request, range: { from: 0, to: page.computedAt } } }],
])('the English facts of a report %s are those of files', (_, source) => {
  expect(reportFacts(source, FACT_WORDS)).toEqual(reportFacts(source))
})
