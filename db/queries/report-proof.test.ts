import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallId, UserId } from '../../core/id.ts'
import { figure, METRIC_KEYS } from '../../core/metrics/metrics.ts'
import { explainCall, figureParts, isInProof, PROOF_RULES, PROVEN_KEYS, type ProofRule } from '../../core/metrics/proof.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { elapsed } from '../../core/time/report-periods.ts'
import { insertCalls } from '../commands/calls.ts'
import { countReportsIfDue } from '../report-zone.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { listCalls } from './calls.ts'
import { countsByUser } from './report-counts.ts'
import { total } from './report-page.ts'
import { countByRule, countOtherTime, listByRule, type ProofOf } from './report-proof.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 15)
const DAYS = { min: -12, max: 12 }

function drawnCall(workspace: TestWorkspace): fc.Arbitrary<Partial<NewCall> & { readonly createdAt: number }> {
  return fc
    .record({
      status: fc.constantFrom(...CALL_STATUSES),
      result: fc.constantFrom(...CALL_OUTCOMES),
      userId: fc.constantFrom(workspace.agentId, workspace.adminId),
      callType: fc.constantFrom(...CALL_TYPES),
      callDuration: fc.option(fc.nat(5_000)),
      at: fc.option(fc.integer(DAYS).map((days) => START + days * DAY)),
      createdAt: fc.integer(DAYS).map((days) => START + days * DAY),
    })
    .map(({ status, result, at, ...rest }) => ({
      ...rest,
      status,
      outcome: status === 'completed' ? result : null,
      scheduledAt: status === 'completed' ? null : at,
      completedAt: status === 'completed' ? (at ?? START) : null,
    }))
}

/** Reads all pages of a list. */
function pagesOf(list: (after: ReturnType<typeof listByRule>['next']) => ReturnType<typeof listByRule>): Call[] {
  const found: Call[] = []
  for (let after: ReturnType<typeof listByRule>['next'] = null; ;) {
    const page = list(after)
    found.push(...page.rows)
    if (page.next === null) return found
    after = page.next
  }
}

test('every call of a proof has one rule, and the counted calls are those of the figure', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const workspace = new TestWorkspace()
      try {
        const { db, clientId, agentId, adminId } = workspace
        if (draw(fc.boolean)) countReportsIfDue(db)
        const drawn = draw(fc.array, drawnCall(workspace), { minLength: 20, maxLength: 40 })
        workspace.write(() =>
          insertCalls(
            db,
            drawn.map((call) => ({ ...workspace.newCall(call), createdAt: call.createdAt })),
          ),
        )
        const calls = listCalls(
          db,
          clientId,
          { filter: {}, sort: { by: 'eventAt', direction: 'desc' }, after: null, skip: 0, limit: 500 },
          null,
        ).rows
        const from = START + draw(fc.integer, { min: -10, max: 5 }) * DAY
        const period = { from, to: from + draw(fc.integer, { min: 1, max: 12 }) * DAY }
        const now = START + draw(fc.integer, { min: -4, max: 12 }) * DAY
        const range = elapsed(period, now)
        const isOwn = draw(fc.boolean)
        const userIds = isOwn ? [agentId] : draw(() => fc.constantFrom<UserId[] | null>(null, [agentId], [agentId, adminId]))
        const callTypes = draw(() => fc.constantFrom<('inbound' | 'outbound')[] | null>(null, ['inbound']))
        const selection = { clientId, zone: 'Europe/Berlin', userIds, callTypes }
        const counts = total(countsByUser(db, selection, range))
        for (const key of PROVEN_KEYS) {
          const proof: ProofOf = { key, selection, range, period, userIds, callTypes, readerId: isOwn ? [agentId] : null }
          const universe = calls.filter((call) => isInProof(call, proof) && (!isOwn || call.userId === agentId))
          const byRule = Map.groupBy(universe, (call) => explainCall(call, key, proof))
          const sizeOf = (rule: ProofRule) => byRule.get(rule)?.length ?? 0
          const { rules } = countByRule(db, proof)
          const found = new Map(rules.map(({ rule, count }) => [rule, count]))
          expect(countOtherTime(db, proof)).toBe(sizeOf('other_time'))
          for (const rule of PROOF_RULES) {
            if (rule !== 'other_time') expect(found.get(rule) ?? 0, `${key} ${rule}`).toBe(sizeOf(rule))
            const limit = draw(fc.integer, { min: 1, max: 9 })
            const listed = pagesOf((after) => listByRule(db, proof, { rule, after, skip: 0, limit })).map(({ id }) => id)
            const expected = (byRule.get(rule) ?? []).map(({ id }) => id)
            expect(new Set<CallId>(listed), `${key} ${rule}`).toEqual(new Set(expected))
            expect(listed).toHaveLength(expected.length)
          }
          const { numerator, denominator } = figureParts(key, counts)
          const counted = byRule.get('counted') ?? []
          const isTime = key === 'talk_time' || key === 'average_duration'
          expect(isTime ? counted.reduce((sum, { callDuration }) => sum + (callDuration ?? 0), 0) : counted.length).toBe(
            numerator,
          )
          if (denominator !== null) expect(counted.length + sizeOf('denominator')).toBe(denominator)
        }
        for (const key of METRIC_KEYS) expect(figureParts(key, counts)).toMatchObject(partsOf(figure(key, counts)))
      } finally {
        workspace.dispose()
      }
    }),
    { numRuns: RUNS },
  )
})

const partsOf = ({ numerator, denominator }: ReturnType<typeof figure>) => ({ numerator, denominator })
