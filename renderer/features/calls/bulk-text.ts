import type { BulkReport } from '../../../core/contract/bulk.ts'
import { formatCount, plural } from '../../format/numbers.ts'

type Kind = BulkReport['kind']

export const RUNNING: Readonly<Record<Kind, string>> = {
  reassign: 'Reassigning',
  tag: 'Setting the loss reason',
  delete: 'Deleting',
}

/** Returns what was done, without a prospect's name: the text may stay on the screen after a sign-out. `target`: the new agent or loss reason. */
export function doneText(kind: Kind, changed: number, target: string): string {
  const calls = plural(changed, 'call')
  if (kind === 'reassign') return `${calls} reassigned to ${target}`
  return kind === 'tag' ? `Loss reason of ${calls} set to ${target}` : `${calls} deleted`
}

/** Returns whether some calls were not changed, so that a report must be shown. */
export function isPartial({ refused, cancelled, failure }: BulkReport): boolean {
  return refused > 0 || cancelled || failure !== null
}

const UNTOUCHED = { reassign: 'Already had this agent', tag: 'Already had this loss reason', delete: 'Already deleted' }

/** Returns the counts of a report, without zeros except the first. */
export function countLines(report: BulkReport): readonly (readonly [label: string, calls: string])[] {
  const { kind, isUndo, total, changed, unchanged, refused } = report
  const done = isUndo ? 'Restored' : { reassign: 'Reassigned', tag: 'Loss reason set', delete: 'Deleted' }[kind]
  const rest = [
    [UNTOUCHED[kind], unchanged],
    ['Not changed', refused],
    ['Not reached', total - changed - unchanged - refused],
  ] as const
  return [[done, formatCount(changed)], ...rest.flatMap(([label, n]) => (n === 0 ? [] : [[label, formatCount(n)] as const]))]
}

export function reportTitle({ isUndo, changed, total, cancelled, failure }: BulkReport): string {
  const what = isUndo ? 'Undo' : 'Action'
  if (failure !== null) return `${what} stopped`
  if (cancelled) return `${what} cancelled`
  return `${formatCount(changed)} of ${plural(total, 'call')} ${isUndo ? 'restored' : 'changed'}`
}
