import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, plural, t } from '@lingui/core/macro'
import type { BulkReport } from '../../../core/contract/bulk.ts'
import { formatCount } from '../../format/numbers.ts'

type Kind = BulkReport['kind']
type Texts = Readonly<Record<Kind, MessageDescriptor>>

const RUNNING: Texts = {
  reassign: msg`Reassigning`,
  tag: msg`Setting the loss reason`,
  delete: msg`Deleting`,
}
const INTERRUPTED: Texts = {
  reassign: msg`Reassigning was interrupted`,
  tag: msg`Setting the loss reason was interrupted`,
  delete: msg`Deleting was interrupted`,
}

/** Returns what is being done. */
export const runningText = (kind: Kind): string => i18n.t(RUNNING[kind])
export const interruptedText = (kind: Kind): string => i18n.t(INTERRUPTED[kind])

/** Returns what was done, without a prospect's name: the text may stay on the screen after a sign-out. `target`: the new agent or loss reason. */
export function doneText(kind: Kind, changed: number, target: string): string {
  switch (kind) {
    case 'reassign':
      return t`${plural(changed, { one: '# call', other: '# calls' })} reassigned to ${target}`
    case 'tag':
      return t`Loss reason of ${plural(changed, { one: '# call', other: '# calls' })} set to ${target}`
    case 'delete':
      return plural(changed, { one: '# call deleted', other: '# calls deleted' })
  }
}

/** Returns whether some calls were not changed, so that a report must be shown. */
export function isPartial({ refused, cancelled, failure }: BulkReport): boolean {
  return refused > 0 || cancelled || failure !== null
}

const UNTOUCHED: Texts = {
  reassign: msg`Already had this agent`,
  tag: msg`Already had this loss reason`,
  delete: msg`Already deleted`,
}
const DONE: Texts = { reassign: msg`Reassigned`, tag: msg`Loss reason set`, delete: msg`Deleted` }

/** Returns the counts of a report, without zeros except the first. */
export function countLines(report: BulkReport): readonly (readonly [label: string, calls: string])[] {
  const { kind, isUndo, total, changed, unchanged, refused } = report
  const done = isUndo ? t`Restored` : i18n.t(DONE[kind])
  const rest = [
    [i18n.t(UNTOUCHED[kind]), unchanged],
    [t`Not changed`, refused],
    [t`Not reached`, total - changed - unchanged - refused],
  ] as const
  return [[done, formatCount(changed)], ...rest.flatMap(([label, n]) => (n === 0 ? [] : [[label, formatCount(n)] as const]))]
}

export function reportTitle({ isUndo, changed, total, cancelled, failure }: BulkReport): string {
  if (failure !== null) return isUndo ? t`Undo stopped` : t`Action stopped`
  if (cancelled) return isUndo ? t`Undo cancelled` : t`Action cancelled`
  const done = formatCount(changed)
  return isUndo
    ? t`${done} of ${plural(total, { one: '# call', other: '# calls' })} restored`
    : t`${done} of ${plural(total, { one: '# call', other: '# calls' })} changed`
}
