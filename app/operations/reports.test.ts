import { expect, test } from 'vitest'
import { targetKey } from '../../core/model/targets.ts'
import { deleteCall, insertCalls } from '../../db/commands/calls.ts'
import { putClientSetting } from '../../db/commands/settings.ts'
import { START, TestWorkspace } from '../../db/testing/test-workspace.ts'
import { knownOperations } from './known.ts'
import { proofOperations } from './proof.ts'
import { noShowsOperations } from './no-shows.ts'
import { reportsOperations } from './reports.ts'

const DAY = 86_400_000
const JANUARY = { from: Date.UTC(2025, 11, 31, 23), to: Date.UTC(2026, 0, 31, 23) }

function withWorkspace(work: (workspace: TestWorkspace) => void): void {
  const workspace = new TestWorkspace()
  try {
    work(workspace)
  } finally {
    workspace.dispose()
  }
}

const contextOf = ({ db, clientId, adminId, newId }: TestWorkspace, now: number) => {
  return { db, actor: { clientId, userId: adminId }, now, newId, role: 'admin', reach: 'all' } as const
}

test('a person who is chosen twice counts once, in the targets too', () => {
  withWorkspace((workspace) => {
    const { db, clientId, agentId } = workspace
    workspace.write(() => {
      for (const [metric, value] of [
        ['completed', 22],
        ['close_rate', 0.5],
      ] as const)
        putClientSetting(db, clientId, targetKey({ month: '2026-01', userId: agentId, metric }), value)
    })
    const request = { range: JANUARY, compare: 'none', bucket: 'auto' } as const
    const once = reportsOperations['reports.page'].run(contextOf(workspace, START), { ...request, userIds: [agentId] })
    const twice = reportsOperations['reports.page'].run(contextOf(workspace, START), { ...request, userIds: [agentId, agentId] })
    expect(once.targets.map(({ metric, target }) => [metric, target])).toEqual([
      ['completed', 22],
      ['close_rate', 0.5],
    ])
    expect(twice).toEqual(once)
  })
})

test('an event of this very millisecond is in a figure, in its proof and in the ageing of no-shows', () => {
  withWorkspace((workspace) => {
    const { db } = workspace
    const now = START + DAY
    const call = workspace.newCall({ status: 'no_show', outcome: null, completedAt: null, scheduledAt: now })
    workspace.write(() => insertCalls(db, [{ ...call, prospectPhone: '+49 30 1234567' }]))
    const context = contextOf(workspace, now)
    const { counts } = reportsOperations['reports.summary'].run(context, { range: JANUARY })
    const proof = proofOperations['reports.proof.rules'].run(context, { range: JANUARY, key: 'no_show_rate' })
    const listed = proofOperations['reports.proof.calls'].run(context, {
      ...{ range: JANUARY, key: 'no_show_rate', rule: 'counted' },
      ...{ after: null, skip: 0, limit: 10 },
    } as const)
    const { answered, unanswered, noContact } = noShowsOperations['reports.noShows.ageing'].run(context, { range: JANUARY })
    expect([counts.noShow, proof.parts.numerator, listed.rows.length]).toEqual([1, 1, 1])
    expect(answered.count + unanswered.count + noContact).toBe(1)
  })
})

const SINCE_EVER = { range: { from: 0, to: START + 10 * DAY }, compare: 'previous', bucket: 'auto' } as const
const WON = { status: 'completed', outcome: 'won' } as const
const monthsOf = ({ buckets }: { readonly buckets: readonly { readonly from: number }[] }) =>
  buckets.map(({ from }) => new Date(from + DAY).toISOString().slice(0, 7))

test('the trend of all time starts with the first month that has a call, also as known on an earlier day', () => {
  withWorkspace((workspace) => {
    const { db, clientId } = workspace
    const request = { ...SINCE_EVER, userIds: [], callTypes: [] }
    const empty = reportsOperations['reports.page'].run(contextOf(workspace, START), request)
    expect([empty.buckets, empty.goals, empty.formerBuckets, empty.compared]).toEqual([[], [], [], null])

    const old = workspace.newCall({ ...WON, completedAt: Date.UTC(2025, 8, 30, 23) })
    workspace.write(() => insertCalls(db, [old, workspace.newCall({ ...WON, completedAt: Date.UTC(2025, 11, 5) })]))
    const knownAt = (workspace.now += DAY)
    workspace.write(() => {
      putClientSetting(db, clientId, targetKey({ month: '2025-07', userId: null, metric: 'completed' }), 10)
      putClientSetting(db, clientId, targetKey({ month: '2025-11', userId: null, metric: 'completed' }), 20)
    })
    const later = (workspace.now += DAY)
    const page = reportsOperations['reports.page'].run(contextOf(workspace, later), request)
    expect(monthsOf(page)).toEqual(['2025-10', '2025-11', '2025-12', '2026-01'])
    expect(page.buckets.map(({ counts }) => counts.completed)).toEqual([1, 0, 1, 0])
    expect(page.goals).toEqual([null, 20, null, null])
    expect(page.targets.map(({ missing }) => missing)).toEqual([['2025-10', '2025-12', '2026-01']])
    const { missing } = reportsOperations['reports.summary'].run(contextOf(workspace, later), request).targets[0] ?? {}
    expect(missing).toEqual(['2025-10', '2025-12', '2026-01'])

    workspace.write(() => deleteCall(db, old.id))
    const present = contextOf(workspace, (workspace.now += DAY))
    expect(monthsOf(reportsOperations['reports.page'].run(present, request))).toEqual(['2025-12', '2026-01'])
    const known = knownOperations['known.computePage'].run(present, {
      request: { ...request, knownAt },
      lines: null,
      watch: null,
    })
    expect(known.page.buckets.map(({ counts }) => counts.completed)).toEqual([1, 0, 1, 0])
  })
})

test('a period with a beginning keeps its empty parts', () => {
  withWorkspace((workspace) => {
    const { db } = workspace
    workspace.write(() => insertCalls(db, [workspace.newCall({ ...WON, completedAt: Date.UTC(2025, 11, 5) })]))
    const range = { from: Date.UTC(2025, 5, 30, 22), to: Date.UTC(2025, 11, 31, 23) }
    const page = reportsOperations['reports.page'].run(contextOf(workspace, START), { ...SINCE_EVER, range, bucket: 'month' })
    expect(page.buckets.map(({ counts }) => counts.completed)).toEqual([0, 0, 0, 0, 0, 1])
  })
})
