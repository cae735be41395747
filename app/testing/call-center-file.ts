import { existsSync, readFileSync } from 'node:fs'
import { SeededRandom } from '../demo/seeded-random.ts'

const AGENTS = ['Diane', 'Becky', 'Stewart', 'Greg', 'Jim', 'Joe', 'Martha', 'Dan']
const TOPICS = ['Contract related', 'Technical Support', 'Payment related', 'Admin Support', 'Streaming']
const MONTHS = ['Jan', 'Feb', 'Mar']
const HEADER =
  'Call Id,Agent,Date,Month,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,Satisfaction rating'
const DAY = 86_400_000

/** Returns a file like a call centre's real export: a quarter's calls in order, about one in five unanswered. The seed decides the content. */
export function callCenterCsv(rows: number, seed = 1): string {
  const random = new SeededRandom(seed)
  const times = Array.from({ length: rows }, () => {
    const day = Date.UTC(2021, 0, 1) + random.between(0, 89) * DAY
    return day + random.between(9 * 60, 18 * 60) * 60_000
  }).toSorted((a, b) => a - b)
  const lines = times.map((time, index) => {
    const at = new Date(time)
    const month = MONTHS[at.getUTCMonth()] ?? 'Jan'
    const answered = random.chance(0.81)
    const seconds = random.between(30, 420)
    const clock = `0:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
    return [
      `ID${String(index + 1).padStart(4, '0')}`,
      random.pick(AGENTS),
      `${at.getUTCDate()}-${month}-21`,
      month,
      `${at.getUTCHours()}:${String(at.getUTCMinutes()).padStart(2, '0')}`,
      random.pick(TOPICS),
      answered ? 'Y' : 'N',
      answered && random.chance(0.9) ? 'Y' : 'N',
      answered ? random.between(10, 125) : 0,
      answered ? clock : '0:00:00',
      answered ? random.between(1, 5) : 0,
    ].join(',')
  })
  return [HEADER, ...lines, ''].join('\r\n')
}

const REAL_FILE = new URL('../../../shared/data/Call-Center-Dataset.csv', import.meta.url)

/**
 * Returns the real export of 5,000 calls if it is next to the checkout (it is not part of the project), else a generated one of the same
 * shape. The test's name contains `used`.
 */
export function callCenterFile(): { readonly bytes: Uint8Array; readonly used: string } {
  if (existsSync(REAL_FILE)) return { bytes: readFileSync(REAL_FILE), used: 'the real file' }
  return { bytes: Buffer.from(callCenterCsv(5_000)), used: 'a generated file of the same shape' }
}
