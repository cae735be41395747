import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { countedValues } from '../../core/metrics/call-before.ts'
import type { Comparison } from '../../core/time/report-periods.ts'
import type { CallId, UserId } from '../../core/id.ts'
import { figureParts, PROVEN_KEYS } from '../../core/metrics/proof.ts'
import type { NewCall } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { deleteCall, insertCalls, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { setLossReasonActive } from '../../db/commands/loss-reasons.ts'
import { setUserActive } from '../../db/commands/users.ts'
import { countReportsIfDue } from '../../db/report-zone.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getCall } from '../../db/queries/calls.ts'
import { changesSince, type ChangeLine } from '../../db/queries/undone-changes.ts'
import { START, TestWorkspace } from '../../db/testing/test-workspace.ts'
import { LineWriter } from '../../platform/files/line-file.ts'
import { StorageError } from '../../platform/files/storage-error.ts'
import { Watch } from '../../platform/threads/watch.ts'
import type { PermittedContext } from '../declaration/operation.ts'
import { knownCorrectionsOperations } from './known-corrections.ts'
import { knownOperations } from './known.ts'
import { reportsOperations } from './reports.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 10)

function contextOf(workspace: TestWorkspace, userId: UserId, now: number): PermittedContext<ReadableDb> {
  const { db, clientId, newId, adminId } = workspace
  const isAdmin = userId === adminId
  const [role, reach] = isAdmin ? (['admin', 'all'] as const) : (['agent', 'own'] as const)
  return { db, actor: { clientId, userId }, now, newId, role, reach }
}

/** Times in the months around the start, before and after the writes. */
const times = fc.integer({ min: -20 * 24, max: 30 * 24 }).map((hours) => START + hours * HOUR)

function drawnCall(workspace: TestWorkspace): fc.Arbitrary<Partial<NewCall>> {
  return fc
    .record({
      status: fc.constantFrom(...CALL_STATUSES),
      result: fc.constantFrom(...CALL_OUTCOMES),
      userId: fc.constantFrom(workspace.agentId, workspace.adminId),
      callType: fc.constantFrom(...CALL_TYPES),
      reason: fc.constantFrom(workspace.priceId, workspace.timingId, null),
      callDuration: fc.option(fc.nat(5_000)),
      at: fc.option(times),
    })
    .map(({ status, result, reason, at, ...rest }) => {
      const outcome = status === 'completed' ? result : null
      return {
        ...rest,
        status,
        outcome,
        lossReasonId: outcome === 'lost' ? reason : null,
        scheduledAt: status === 'completed' ? null : at,
        completedAt: status === 'completed' ? (at ?? START) : null,
      }
    })
}

function byPerson<T extends { readonly people: readonly { readonly userId: UserId }[] }>(page: T): T {
  return { ...page, people: page.people.toSorted((a, b) => a.userId.localeCompare(b.userId)) }
}

const folder = mkdtempSync(join(tmpdir(), 'known-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())
let files = 0
const newPath = () => join(folder, `${files++}`)

/** Writes lines to a file in the form of the server's lines. */
function fileOf(lines: readonly ChangeLine[]): string {
  const path = newPath()
  const writer = new LineWriter(path)
  writer.add(lines.map((line) => ({ ...line, oldValues: countedValues(line.oldValues) })))
  writer.close()
  return path
}

/** Finds the corrections and reads all pages. */
function allCorrections(
  context: PermittedContext<ReadableDb>,
  request: Omit<ProcedureInput<'reports.known.corrections'>, 'after'>,
  lines: readonly string[] | null,
) {
  const input = { request, path: newPath(), lines, watch: null }
  const { found, file, reach } = knownCorrectionsOperations['known.findCorrections'].run(context, input)
  const rows = [...found.rows]
  const { limit } = request
  while (file !== null && rows.length < file.rows) {
    const page = knownCorrectionsOperations['known.readCorrections'].run(context, { file, reach, from: rows.length, limit })
    expect(page).toHaveLength(Math.min(limit, file.rows - rows.length))
    rows.push(...(page ?? []))
  }
  return { ...found, rows }
}

const STEPS = ['create', 'import', 'update', 'reassign', 'delete', 'restore', 'deactivate', 'retire', 'note'] as const

test('a report as known at an instant has the digits of the report at that instant', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const workspace = new TestWorkspace()
      try {
        const { db, clientId, adminId, agentId } = workspace
        if (draw(fc.boolean)) countReportsIfDue(db)
        const some = drawnCall(workspace)
        const ids: CallId[] = []
        const requests = draw(
          fc.array,
          fc.record({
            from: fc.integer({ min: -30, max: 0 }).map((days) => START + days * DAY),
            days: fc.integer({ min: 20, max: 100 }),
            userIds: fc.constantFrom<UserId[]>([], [agentId], [agentId, adminId]),
            callTypes: fc.constantFrom<('inbound' | 'outbound')[]>([], ['inbound']),
            compare: fc.constantFrom<Comparison>('previous', 'year', 'none'),
            isAgent: fc.boolean(),
          }),
          { minLength: 1, maxLength: 2 },
        ).map(({ from, days, userIds, isAgent, ...rest }) => ({
          by: isAgent ? agentId : adminId,
          request: {
            ...rest,
            range: { from, to: from + days * DAY },
            userIds: isAgent ? [] : userIds,
            bucket: 'auto' as const,
          },
        }))
        type Read = ReturnType<typeof read>
        const read = ({ by, request }: (typeof requests)[number], now: number) => {
          const context = contextOf(workspace, by, now)
          const page = byPerson(reportsOperations['reports.page'].run(context, request))
          return { by, request, now, page, hours: reportsOperations['reports.hours'].run(context, request).hours }
        }
        const copies: Read[] = []
        const exists = (id: CallId) => getCall(db, clientId, id) !== undefined
        for (const step of draw(fc.array, fc.constantFrom(...STEPS), { minLength: 12, maxLength: 30 })) {
          workspace.now += draw(fc.constantFrom, 0, HOUR, 3 * DAY)
          const id = ids.length === 0 ? undefined : draw(() => fc.constantFrom(...ids))
          if (step === 'create' || step === 'import') {
            const added = draw(fc.array, some, { minLength: 1, maxLength: step === 'import' ? 12 : 1 })
            const rows = added.map((call) => workspace.newCall(call))
            workspace.write(() => insertCalls(db, rows))
            ids.push(...rows.map((row) => row.id))
          }
          if (step === 'deactivate') workspace.write(() => setUserActive(db, agentId, draw(fc.boolean)))
          if (step === 'retire') workspace.write(() => setLossReasonActive(db, workspace.priceId, draw(fc.boolean)))
          if (id !== undefined && exists(id)) {
            if (step === 'update')
              workspace.write(() =>
                updateCall(
                  db,
                  id,
                  draw(() => some),
                ),
              )
            if (step === 'reassign')
              workspace.write(() => updateCall(db, id, { userId: draw(fc.constantFrom, agentId, adminId) }))
            if (step === 'note') workspace.write(() => updateCall(db, id, { notes: `${workspace.now}` }))
            if (step === 'delete') workspace.write(() => deleteCall(db, id))
          } else if (id !== undefined && step === 'restore') workspace.write(() => restoreCall(db, id))
          if (draw(fc.boolean)) copies.push(...requests.map((each) => read(each, workspace.now + 500)))
        }
        const isActive = new Map(copies.at(-1)?.page.lossReasons.map((reason) => [reason.lossReasonId, reason.isActive]) ?? [])
        workspace.now += draw(fc.constantFrom, 1_000, 30 * DAY)
        for (const { by, request, now, page, hours } of copies) {
          const knownAt = now + 1
          const context = contextOf(workspace, by, workspace.now)
          // This device's own trail, or lines that the server sent.
          const lines = draw(fc.boolean) ? null : [fileOf([...changesSince(db, clientId, knownAt)].flat())]
          const known = knownOperations['known.computePage'].run(context, {
            ...{ request: { ...request, knownAt }, lines, watch: null },
          })
          // Whether a reason is active is read today.
          const active = (shown: typeof page) => ({
            ...shown,
            // They are those of today, so an earlier report has none.
            ...{ team: null, targets: [], goals: [], teamTargets: [] },
            lossReasons: shown.lossReasons.map((reason) => ({ ...reason, isActive: isActive.get(reason.lossReasonId) })),
          })
          expect(active(byPerson(known.page))).toEqual(active(page))
          expect(known.hours).toEqual(hours)
          const today = reportsOperations['reports.page'].run({ ...context, now }, request)
          for (const key of draw(() => fc.uniqueArray(fc.constantFrom(...PROVEN_KEYS), { minLength: 1, maxLength: 2 }))) {
            const limit = draw(fc.integer, { min: 1, max: 5 })
            const found = allCorrections(context, { ...request, knownAt, key, limit }, lines)
            expect(found.past).toEqual(figureParts(key, page.counts))
            expect(found.present).toEqual(figureParts(key, today.counts))
            expect(found.count).toBe(found.rows.length + found.hidden)
            if (found.hidden > 0) continue
            const sum = found.rows.reduce(
              (total, { effect }) => ({
                numerator: total.numerator + effect.numerator,
                denominator: (total.denominator ?? 0) + (effect.denominator ?? 0),
              }),
              { numerator: 0, denominator: 0 },
            )
            expect(found.past.numerator + sum.numerator).toBe(found.present.numerator)
            expect((found.past.denominator ?? 0) + sum.denominator).toBe(found.present.denominator ?? 0)
          }
        }
      } finally {
        workspace.dispose()
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})

test('the corrections are counted exactly and read page by page', () => {
  const workspace = new TestWorkspace()
  try {
    const { db, adminId } = workspace
    const knownAt = workspace.now + 500
    const call = () => ({ status: 'completed', outcome: 'won', completedAt: START - DAY }) as const
    const added = Array.from({ length: 1_234 }, (_, n) => workspace.newCall({ ...call(), prospectName: `Prospect ${n}` }))
    for (const each of added) workspace.write(() => insertCalls(db, [each]))
    const context = contextOf(workspace, adminId, workspace.now + 1_000)
    const request = { range: { from: START - 2 * DAY, to: START }, knownAt, key: 'close_rate' as const }
    const ids = added.map(({ id }) => id).toReversed()
    for (const limit of [1, 99, 100, 101, 500]) {
      const found = allCorrections(context, { ...request, limit }, null)
      expect(found.rows[0]).toMatchObject({ before: null, effect: { numerator: 1, denominator: 1 } })
      expect(found).toMatchObject({ count: 1_234, hidden: 0, past: { numerator: 0, denominator: 0 } })
      expect(found.rows.map(({ callId }) => callId)).toEqual(ids)
    }
  } finally {
    workspace.dispose()
  }
})

test('without a file the first page is complete, and the numbers are exact', () => {
  const workspace = new TestWorkspace()
  try {
    const { db, adminId } = workspace
    const knownAt = workspace.now + 500
    const call = () => workspace.newCall({ status: 'completed', outcome: 'won', completedAt: START - DAY })
    workspace.write(() => insertCalls(db, Array.from({ length: 30 }, call)))
    const request = { range: { from: START - 2 * DAY, to: START }, knownAt, key: 'calls' as const, limit: 10 }
    vi.spyOn(LineWriter.prototype, 'add').mockImplementation(() => {
      throw new StorageError('full')
    })
    const { found, file } = knownCorrectionsOperations['known.findCorrections'].run(
      contextOf(workspace, adminId, workspace.now + 1_000),
      { request, path: newPath(), lines: null, watch: null },
    )
    expect(file).toBeNull()
    expect(found.rows).toHaveLength(10)
    expect(found).toMatchObject({ count: 30, hidden: 0, present: { numerator: 30 } })
  } finally {
    workspace.dispose()
  }
})

test('a cancelled report ends before the next piece of lines', () => {
  const workspace = new TestWorkspace()
  try {
    const { db, adminId } = workspace
    workspace.write(() => insertCalls(db, [workspace.newCall()]))
    const watch = new Watch()
    const context = contextOf(workspace, adminId, workspace.now + 1_000)
    const request = { range: { from: 0, to: START + DAY }, compare: 'none', bucket: 'auto', knownAt: START - DAY } as const
    const run = () => knownOperations['known.computePage'].run(context, { request, lines: null, watch: watch.memory })
    run()
    expect(watch.done).toBe(1)
    watch.cancel()
    expect(run).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  } finally {
    workspace.dispose()
  }
})
