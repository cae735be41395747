import { expect, test } from 'vitest'
import { wrongTotals } from '../../db/queries/derived-soundness.ts'
import { compareIndexWithCalls, foundByWord } from '../../db/testing/search.ts'
import { DepartureWalk, tracesOf } from './departures.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 8)
/** The seed of the first walk. Set the variable to repeat a run. */
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 200

test(`[S14] [S15] no file contains a word that its person may not see, and search finds what a new device finds (seed ${SEED})`, async () => {
  // Every walk must hide words from some person; otherwise it proves nothing.
  expect(await hiddenIn(SEED, RUNS)).toBeGreaterThan(RUNS * 10)
})

test('[S15] no earlier value is left of a call that was handed over, edited and returned between two contacts (seed 815912)', async () => {
  expect(await hiddenIn(815_912, 1)).toBeGreaterThan(0)
})

/** Runs a walk, checks every device at the end, and returns the number of words that were hidden from some person. */
async function hiddenIn(seed: number, runs: number): Promise<number> {
  let hidden = 0
  for (let run = 0; run < runs; run++) {
    const walk = new DepartureWalk(seed + run)
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      await walk.settle()
      for (const [at, device] of walk.devices.entries()) {
        const where = `seed ${seed + run}, device ${at}, ${walk.roleOf(device.person)}`
        const { sqlite } = device.db
        expect(wrongTotals(device.db), where).toBe(0)
        expect(() => compareIndexWithCalls(sqlite), where).not.toThrow()
        const fresh = await walk.simulation.device(device.person, 0, true)
        const found = walk.marks.filter(
          ({ word }) => foundByWord(sqlite, word).join() !== foundByWord(fresh.db.sqlite, word).join(),
        )
        expect(found, where).toEqual([])
        for (const each of [device, fresh]) {
          const bytes = each.bytes()
          const folded = bytes.toString('latin1').toLowerCase()
          const words = walk.hiddenWords(each)
          hidden += words.length
          const leaked = words.filter((word) => tracesOf(word, bytes, folded))
          expect(leaked, where).toEqual([])
        }
      }
    } finally {
      await walk.simulation.dispose()
    }
  }
  return hidden
}
