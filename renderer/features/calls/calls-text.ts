import { plural, t } from '@lingui/core/macro'
import type { CallCount } from '../../../core/contract/calls.ts'
import { atLeast } from '../../format/numbers.ts'

/** Returns a number of calls: "1 call", "2,000 calls"; "1,000+ calls" for at least so many. */
export function callsText(count: CallCount): string {
  const { total, exact } = count
  if (exact) return plural(total, { one: '# call', other: '# calls' })
  const least = atLeast(count)
  return t`${least} calls`
}

/** Returns the text of the button that shows the upcoming calls. */
export function showUpcomingText(count: CallCount): string {
  const { total, exact } = count
  if (exact) return plural(total, { one: 'Show # upcoming call', other: 'Show # upcoming calls' })
  const least = atLeast(count)
  return t`Show ${least} upcoming calls`
}
