import { expect, test } from 'vitest'
import { newCallSchema } from '../../core/model/call.ts'
import { insertCall } from '../../db/commands/calls.ts'
import { StorageError } from '../../platform/files/storage-error.ts'
import { compareIndexWithCalls } from '../../db/testing/search.ts'
import { Simulation, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 6)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 80

/** Limits the growth of the device's file to this many pages, as on a nearly full disk. */
function limitGrowth(device: SimulatedDevice, pages: number): void {
  const used = device.db.sqlite.pragma('page_count', { simple: true }) as number
  device.db.sqlite.pragma(`max_page_count = ${used + pages}`)
}

/** Runs work of a device whose disk may be full. Returns whether the work finished. */
async function onSmallDisk(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof StorageError && error.reason === 'full') return false
    throw error
  }
}

const held = (device: SimulatedDevice) => ({
  calls: device.rows('SELECT id, user_id, prospect_name, notes, status FROM calls ORDER BY id'),
  versions: device.rows('SELECT table_name, row_id, version FROM sync_rows ORDER BY 1, 2'),
})

test(`[S2] [S5] a full disk at any moment loses and duplicates nothing (seed ${SEED})`, async () => {
  let failures = 0
  for (let run = 0; run < RUNS; run++) {
    const simulation = new Simulation(SEED + run)
    try {
      await simulation.begin()
      const { agent, admin, team_lead: lead } = simulation.workspace.people
      const devices = [await simulation.device(agent), await simulation.device(admin), await simulation.device(lead)]
      const saved = new Set<string>()
      const write = (device: SimulatedDevice) => {
        const known = device.rows<{ id: string }>('SELECT id FROM calls WHERE user_id = ?', device.person.id)
        const notes = 'n'.repeat(1 + simulation.below(8_000))
        if (known.length > 0 && simulation.random() < 0.4) {
          device.db.sqlite.prepare('UPDATE calls SET notes = ? WHERE id = ?').run(notes, simulation.oneOf(known).id)
          return null
        }
        const fields = {
          userId: device.person.id,
          prospectName: `Call ${saved.size}`,
          callType: 'outbound',
          status: 'scheduled',
          notes,
        }
        const id = simulation.newId()
        const { clientId } = simulation.workspace
        insertCall(device.db, { ...newCallSchema.parse(fields), id, clientId, createdAt: device.now })
        return id
      }
      for (let step = 0; step < STEPS; step++) {
        const device = simulation.oneOf(devices)
        limitGrowth(device, simulation.oneOf([0, 0, 1, 2, 5, 20, 100_000]))
        const dice = simulation.random()
        let id: string | null = null
        const isDone = await onSmallDisk(async () => {
          if (dice < 0.5) id = device.write(() => write(device))
          else if (dice < 0.75) await device.push(simulation.oneOf(['up', 'answer lost']), simulation.oneOf([1, 10_000]))
          else await device.pull(simulation.oneOf([1, 99]), simulation.oneOf([3, 4_000]))
        })
        if (!isDone) failures++
        if (isDone && id !== null) saved.add(id)
      }
      for (const device of devices) limitGrowth(device, 100_000)
      for (const device of [...devices, ...devices]) await device.settle()
      const where = `seed ${SEED + run}`
      for (const device of devices) {
        expect(device.pending, where).toBe(0)
        const fresh = await simulation.device(device.person)
        await fresh.settle()
        // Enrolling the other device changed the person's row.
        await device.settle()
        expect(held(device), where).toEqual(held(fresh))
        compareIndexWithCalls(device.db.sqlite)
      }
      const [, all] = devices
      const ids = new Set(all?.rows<{ id: string }>('SELECT id FROM calls').map(({ id }) => id))
      expect(
        [...saved].filter((id) => !ids.has(id)),
        `${where}: saved and lost`,
      ).toEqual([])
      expect(
        [...ids].filter((id) => !saved.has(id)),
        `${where}: refused but stored`,
      ).toEqual([])
    } finally {
      await simulation.dispose()
    }
  }
  expect(failures, 'the disk was full in some steps').toBeGreaterThan(RUNS)
})
