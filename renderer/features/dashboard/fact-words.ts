import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import type { FactKey, FactWords } from '../../../core/reports/report-facts.ts'
import { callTypeLabel, personLabel } from '../../format/labels.ts'

const LABELS: Readonly<Record<FactKey, MessageDescriptor>> = {
  client: msg`Client`,
  period: msg`Period`,
  until: msg`Counted until`,
  compared: msg`Compared with`,
  people: msg`Agents`,
  types: msg`Call types`,
  zone: msg`Time zone`,
  known_on: msg`As known on`,
  missing: msg`Not included`,
  computed_at: msg`Computed at`,
}

/** The facts of a report in the language of the window. */
export const FACT_WORDS: FactWords = {
  label: (fact) => i18n.t(LABELS[fact]),
  comparedWith: (comparison, range) => (comparison === 'previous' ? t`previous period, ${range}` : t`a year earlier, ${range}`),
  nothing: () => t({ message: 'nothing', context: 'Compared with' }),
  all: () => t({ message: 'all', context: 'Agents or call types' }),
  ownCalls: () => t`your own calls`,
  reassignedCalls: () => t`calls that were reassigned since then`,
  callType: callTypeLabel,
  person: personLabel,
  unknownPerson: () => t`Unknown person`,
  until: (end) => t`until ${end}`,
}
