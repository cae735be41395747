import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { METRICS } from '../../../core/metrics/metrics.ts'
import type { NoShowKind } from '../../../core/metrics/no-shows.ts'
import { PROVEN_KEYS, type ProofRule, type ProvenKey } from '../../../core/metrics/proof.ts'
import { figureDefinition, figureLabel } from '../../format/figure-labels.ts'
import { formatCount, formatFigure } from '../../format/numbers.ts'
import type { FigureParts } from '../../../core/metrics/proof.ts'
import { noShowLabel } from './report-labels.ts'

/** Returns the name and the definition of a figure. */
export const figureText = (key: ProvenKey): { readonly label: string; readonly definition: string } => ({
  label: figureLabel(key),
  definition: figureDefinition(key),
})

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

type Rule = { readonly label: MessageDescriptor; readonly why: MessageDescriptor; readonly isCounted: boolean }

const leftOut = (label: MessageDescriptor, why: MessageDescriptor): Rule => ({ label, why, isCounted: false })

const RULES: Readonly<Record<ProofRule, Rule>> = {
  counted: { label: msg`Counted`, why: msg`These calls are counted.`, isCounted: true },
  denominator: {
    label: msg`Denominator only`,
    why: msg`These calls are counted in the denominator and not in the numerator.`,
    isCounted: true,
  },
  no_duration: leftOut(msg`No duration`, msg`Completed calls without a duration have no talk time.`),
  undecided: leftOut(msg`Undecided`, msg`This figure counts won and lost calls only.`),
  decided: leftOut(msg`Decided`, msg`This figure counts undecided calls only.`),
  no_show: leftOut(msg`No-show`, msg`This figure counts completed calls only.`),
  rescheduled: leftOut(msg`Rescheduled`, msg`Rescheduled calls are not in this figure.`),
  scheduled: leftOut(msg`Still scheduled`, msg`Rates do not include calls that are still scheduled.`),
  cancelled: leftOut(msg`Cancelled`, msg`Rates do not include cancelled calls.`),
  other_type: leftOut(msg`Another type`, msg`The filter does not include the type of these calls.`),
  other_person: leftOut(msg`Another agent`, msg`The filter does not include the agent of these calls.`),
  future: leftOut(msg`In the future`, msg`These calls are in the period, but their time is still to come.`),
  other_time: leftOut(
    msg`Outside the period`,
    msg`These calls were created in the period, but their own time, shown in the list, is outside it.`,
  ),
}

const NUMERATOR: Rule = {
  label: msg`Numerator`,
  why: msg`These calls are counted in the numerator and in the denominator.`,
  isCounted: true,
}

/** Returns the text of a rule for a figure. */
export function ruleText(rule: ProofRule, key: ProvenKey): RuleText {
  const hasDenominator = key !== 'undecided' && METRICS[key].denominator !== undefined
  const isNumerator = rule === 'counted' && hasDenominator && key !== 'average_duration'
  const { label, why, isCounted } = isNumerator ? NUMERATOR : RULES[rule]
  return { label: i18n.t(label), why: i18n.t(why), isCounted }
}

const NO_SHOWS: Readonly<Record<NoShowKind, Omit<Rule, 'label'>>> = {
  answered: {
    why: msg`A later call with the same phone number or e-mail address was completed, rescheduled or again a no-show.`,
    isCounted: true,
  },
  unanswered: { why: msg`There is no later call with the same phone number or e-mail address.`, isCounted: false },
  no_contact: {
    why: msg`Without a phone number or an e-mail address, a later call cannot be found.`,
    isCounted: false,
  },
}

/** Returns the text of a kind of no-shows. */
export function noShowText(kind: NoShowKind): RuleText {
  const { why, isCounted } = NO_SHOWS[kind]
  return { label: noShowLabel(kind), why: i18n.t(why), isCounted }
}
