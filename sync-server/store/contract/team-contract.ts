import { describe, expect, test } from 'vitest'
import { NO_CALLS, type CallCounts } from '../../../core/metrics/metrics.ts'
import type { PublishedCell } from '../../../core/team/team-cells.ts'
import { NO_SHOW_UNIT, columnarTables, sampleWorkspace, wonCall } from '../../testing/sample-workspace.ts'
import { CONTENT, HASH, type ContractFixture } from './contract-fixture.ts'

/** The time of `wonCall`. */
const AT = 1_760_000_000_000
const DAY_MS = 86_400_000
const DAY = Math.floor(AT / DAY_MS)

/** The part of the store contract about the totals of the team. */
export function teamContract(fixture: () => ContractFixture): void {
  describe('the totals of the team', () => {
    const changedDays = async (upTo = DAY + 400) =>
      fixture().store.read((tx) => tx.changedDays(fixture().acme.clientId, upTo, 100))
    const clear = async (...days: number[]) => fixture().store.write((tx) => tx.clearChangedDays(fixture().acme.clientId, days))
    const people = (from: number, to: number) =>
      fixture().store.read((tx) => tx.countPeople(fixture().acme.clientId, { from, to }))

    async function edit(id: string, values: Parameters<ContractFixture['callRow']>[1]): Promise<void> {
      const { store, acme, callRow, changes } = fixture()
      await store.write(async (tx) => {
        const seq = await tx.allocate(acme.clientId, 1, CONTENT)
        const row = callRow(seq, { ...wonCall(acme.people.agent.id), ...values })
        await tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id, row, isNew: false }] }))
      })
    }

    test('the days of changed calls are noted: new, edited, moved to another day, and deleted', async () => {
      const { store, acme, addCall, changes, deletedCall } = fixture()
      const { id, seq } = await addCall(acme.people.agent.id)
      expect(await changedDays()).toEqual([DAY])
      await clear(DAY)
      expect(await changedDays()).toEqual([])
      await edit(id, { call_duration: 5 })
      expect(await changedDays()).toEqual([DAY])
      await clear(DAY)
      await edit(id, { call_duration: 5, completed_at: AT + 3 * DAY_MS })
      expect(await changedDays()).toEqual([DAY + 3, DAY])
      expect(await changedDays(DAY + 2)).toEqual([DAY])
      await clear(DAY, DAY + 3)
      await store.write((tx) => tx.apply(acme.clientId, changes({ deletedCalls: [deletedCall({ id, seq })] })))
      expect(await changedDays()).toEqual([DAY + 3])
    })

    test('an edit that changes no count notes no day', async () => {
      const { acme, addCall } = fixture()
      const { id } = await addCall(acme.people.agent.id)
      await clear(DAY)
      await edit(id, { notes: 'Only a note' })
      expect(await changedDays()).toEqual([])
    })

    test('calls are counted by person, type and time of the event', async () => {
      const { acme, addCall } = fixture()
      const { agent, other } = acme.people
      const { id } = await addCall(agent.id)
      await addCall(agent.id)
      await addCall(other.id)
      await edit(id, { ...NO_SHOW_UNIT, call_type: 'inbound', scheduled_at: AT + DAY_MS })
      const won: CallCounts = { ...NO_CALLS, completed: 1, won: 1, talkSeconds: 180, talkCalls: 1 }
      const found = await people(AT, AT + 1)
      expect(found.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual(
        [agent, other]
          .map(({ id: userId }) => ({ userId, callType: 'outbound', counts: won }))
          .toSorted((a, b) => (a.userId < b.userId ? -1 : 1)),
      )
      expect(await people(AT + 1, AT + DAY_MS)).toEqual([])
      expect(await people(AT + DAY_MS, AT + DAY_MS + 1)).toEqual([
        { userId: agent.id, callType: 'inbound', counts: { ...NO_CALLS, noShow: 1 } },
      ])
    })

    test('a day is saved as a whole and read in the order of versions, for its client only', async () => {
      const { store, acme, seed, newId } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      await seed(bolt)
      const cell = (callType: PublishedCell['callType'], publications: number, ...who: string[]): PublishedCell => ({
        callType,
        publications,
        people: new Map(who.map((userId) => [userId, { ...NO_CALLS, completed: 2 }])),
      })
      const first = [cell('inbound', 1, 'a', 'b', 'c'), cell('outbound', 1, 'b', 'c', 'd')]
      await store.write((tx) => tx.savePublishedDay(acme.clientId, DAY, first, 10))
      await store.write((tx) => tx.savePublishedDay(acme.clientId, DAY + 1, [cell('', 1, 'a', 'b', 'c')], 12))
      await store.write((tx) => tx.savePublishedDay(bolt.clientId, DAY, [cell('', 1, 'x', 'y', 'z')], 10))
      const read = await store.read((tx) => tx.publishedDay(acme.clientId, DAY))
      expect(read.toSorted((a, b) => (a.callType < b.callType ? -1 : 1))).toEqual(first)
      const cells = await store.read((tx) => tx.teamCells(acme.clientId, 10, 5))
      expect(cells.map(({ version, cell: { day, callType } }) => [version, day, callType])).toEqual([
        [11, DAY, 'outbound'],
        [12, DAY + 1, ''],
      ])
      expect(cells[0]?.cell).toEqual({
        day: DAY,
        callType: 'outbound',
        people: 3,
        dayPeople: 4,
        counts: { ...NO_CALLS, completed: 6 },
      })
      expect(await store.read((tx) => tx.teamCells(acme.clientId, 0, 1))).toMatchObject([{ version: 10 }])
      await store.write((tx) => tx.savePublishedDay(acme.clientId, DAY, [cell('inbound', 2, 'a', 'b', 'c')], 13))
      const again = await store.read((tx) => tx.teamCells(acme.clientId, 0, 5))
      expect(again.map(({ version, cell: { day } }) => [version, day])).toEqual([
        [12, DAY + 1],
        [13, DAY],
      ])
    })

    test('the progress is kept for each client', async () => {
      const { store, acme } = fixture()
      expect(await store.read((tx) => tx.teamState(acme.clientId))).toBeUndefined()
      const state = { zone: 'Europe/Berlin', startsAt: -1, publishedUntil: 5, version: 9, examined: { head: 3, day: 4 } }
      await store.write((tx) => tx.saveTeamState(acme.clientId, state))
      expect(await store.read((tx) => tx.teamState(acme.clientId))).toEqual(state)
      await store.write((tx) => tx.saveTeamState(acme.clientId, { ...state, examined: null }))
      expect(await store.read((tx) => tx.teamState(acme.clientId))).toEqual({ ...state, examined: null })
    })

    test('a new publication keeps no data of the previous one', async () => {
      const { store, newId, deviceId } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      const { clientId, people: who } = bolt
      bolt.rows.calls.push({ id: newId(), ...wonCall(who.agent.id), updated_at: 1 })
      const about = { userId: who.admin.id, deviceId, deviceName: 'x', deviceSeq: 0, startedAt: 1, nextChunk: 0, lastSeq: 0 }
      const begin = () =>
        store.write((tx) => tx.beginPublication(clientId, { publicationId: newId(), secretHash: HASH(9), ...about }))
      const noted = () => store.read((tx) => tx.changedDays(clientId, DAY, 5))
      await begin()
      await store.write(async (tx) => {
        for (const page of columnarTables(bolt)) {
          const first = await tx.allocate(clientId, page.data[0]?.length ?? 0, CONTENT)
          await tx.publishRows(clientId, page, first, who.admin.id)
        }
      })
      expect(await noted()).toEqual([DAY])
      await begin()
      expect(await noted()).toEqual([])
    })
  })
}
