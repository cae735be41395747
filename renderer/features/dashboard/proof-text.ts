import { NO_SHOW_LABELS } from '../../../core/figures/report-parts.ts'
import { METRICS } from '../../../core/metrics/metrics.ts'
import type { NoShowKind } from '../../../core/metrics/no-shows.ts'
import { PROVEN_KEYS, type ProofRule, type ProvenKey } from '../../../core/metrics/proof.ts'
import { UNDECIDED_DEFINITION } from '../../../core/figures/report-parts.ts'
import { formatCount, formatFigure } from '../../format/numbers.ts'
import type { FigureParts } from '../../../core/metrics/proof.ts'

const UNDECIDED = { label: 'Undecided', definition: UNDECIDED_DEFINITION } as const

/** Returns the name and the definition of a figure. */
export const figureText = (key: ProvenKey): { readonly label: string; readonly definition: string } =>
  key === 'undecided' ? UNDECIDED : METRICS[key]

export function provenKeyFromText(text: string | undefined): ProvenKey {
  return PROVEN_KEYS.find((key) => key === text) ?? 'calls'
}

/** Returns the value of a figure, for example "62.5 %". */
export function valueText(key: ProvenKey, { numerator, denominator }: FigureParts): string {
  if (key === 'undecided') return formatCount(numerator)
  const value = denominator === null ? numerator : denominator === 0 ? null : numerator / denominator
  return formatFigure({ key, value })
}

/** Returns a change of a figure's parts, for example "+1 / +2". */
export function effectText({ numerator, denominator }: FigureParts): string {
  const signed = (n: number) => (n > 0 ? `+${formatCount(n)}` : n < 0 ? `−${formatCount(-n)}` : '0')
  return denominator === null ? signed(numerator) : `${signed(numerator)} / ${signed(denominator)}`
}

/** The heading and the explanation of a rule. `isCounted`: its calls are in the figure. */
export type RuleText = { readonly label: string; readonly why: string; readonly isCounted: boolean }

const leftOut = (label: string, why: string): RuleText => ({ label, why, isCounted: false })

const RULES: Readonly<Record<ProofRule, RuleText>> = {
  counted: { label: 'Counted', why: 'These calls are counted.', isCounted: true },
  denominator: {
    label: 'Denominator only',
    why: 'These calls are counted in the denominator and not in the numerator.',
    isCounted: true,
  },
  no_duration: leftOut('No duration', 'Completed calls without a duration have no talk time.'),
  undecided: leftOut('Undecided', 'This figure counts won and lost calls only.'),
  decided: leftOut('Decided', 'This figure counts undecided calls only.'),
  no_show: leftOut('No-show', 'This figure counts completed calls only.'),
  rescheduled: leftOut('Rescheduled', 'Rescheduled calls are not in this figure.'),
  scheduled: leftOut('Still scheduled', 'Rates do not include calls that are still scheduled.'),
  cancelled: leftOut('Cancelled', 'Rates do not include cancelled calls.'),
  other_type: leftOut('Another type', 'The filter does not include the type of these calls.'),
  other_person: leftOut('Another agent', 'The filter does not include the agent of these calls.'),
  future: leftOut('In the future', 'These calls are in the period, but their time is still to come.'),
  other_time: leftOut(
    'Outside the period',
    'These calls were created in the period, but their own time, shown in the list, is outside it.',
  ),
}

/** Returns the text of a rule for a figure. */
export function ruleText(rule: ProofRule, key: ProvenKey): RuleText {
  const text = RULES[rule]
  const hasDenominator = key !== 'undecided' && METRICS[key].denominator !== undefined
  return rule === 'counted' && hasDenominator && key !== 'average_duration'
    ? { ...text, label: 'Numerator', why: 'These calls are counted in the numerator and in the denominator.' }
    : text
}

export const NO_SHOW_TEXTS: Readonly<Record<NoShowKind, RuleText>> = {
  answered: {
    label: NO_SHOW_LABELS.answered,
    why: 'A later call with the same phone number or e-mail address was completed, rescheduled or again a no-show.',
    isCounted: true,
  },
  unanswered: leftOut(NO_SHOW_LABELS.unanswered, 'There is no later call with the same phone number or e-mail address.'),
  no_contact: leftOut(NO_SHOW_LABELS.no_contact, 'Without a phone number or an e-mail address, a later call cannot be found.'),
}
