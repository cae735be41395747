import type { Api } from '../core/contract/contract.ts'
import { openListApplication } from './list-application.ts'
import { median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'

const CALLS = Number(process.env.BENCH_CALLS ?? 1_000_000)

/** What a person types into the name field, one request for each key. */
const TYPED: readonly { readonly what: string; readonly texts: readonly string[]; readonly as?: 'agent' }[] = [
  { what: 'a name, letter by letter', texts: beginnings('zoë meyerson') },
  { what: 'a common first name', texts: beginnings('james') },
  { what: 'words that are mostly in notes', texts: ['price', 'budget', 'call back', 'offer send'] },
  { what: 'the middle of a name', texts: ['ilham', 'erman', 'hofmann'] },
  { what: 'a phone number, digit by digit', texts: beginnings('+491501234567') },
  { what: 'the national form', texts: beginnings('0150 1234567') },
  { what: 'the last digits', texts: ['345', '3456', '34567', '345678'] },
  { what: 'an e-mail address', texts: beginnings('james.berman@ex') },
  { what: 'nothing has it', texts: ['xqzw', '000000000', 'q@q'] },
  { what: 'an agent’s own, by name', texts: beginnings('lena ber'), as: 'agent' },
  { what: 'an agent’s own, by number', texts: beginnings('01501234'), as: 'agent' },
]

function beginnings(text: string): string[] {
  return Array.from(text, (_, at) => text.slice(0, at + 1))
}

const ROUNDS = 5

async function matches(api: Api, texts: readonly string[]): Promise<number[]> {
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round++)
    for (const text of texts) samples.push((await time(() => api.prospects.match({ text, limit: 8 }))).ms)
  return samples
}

/** Measures what an agent uses at each call, with a million calls, through the API. The floor is reading one call. */
export async function benchDesk(): Promise<void> {
  const { admin, agent, close } = await openListApplication(CALLS)
  const { rows } = await admin.calls.list({ limit: 200 })
  const floors: number[] = []
  for (const { id } of rows) floors.push((await time(() => admin.calls.get({ id }))).ms)
  const floor = median(floors)
  const every: number[] = []
  const line = (what: string, samples: readonly number[], target?: string): Row => ({
    what,
    value: `p50 ${milliseconds(median(samples))}, p95 ${milliseconds(quantile(samples, 0.95))}`,
    floor: milliseconds(floor),
    ratio: ratio(median(samples), floor),
    ...(target !== undefined && { target }),
  })
  const lines: Row[] = []
  for (const { what, texts, as } of TYPED) {
    const samples = await matches(as === 'agent' ? agent : admin, texts)
    every.push(...samples)
    lines.push(line(what, samples))
  }
  lines.push(line('all of the above', every, 'p95 ≤ 15 ms'))
  print(`Prospects of a typed text at ${CALLS.toLocaleString('en')} calls, through the API; floor: calls.get`, lines)
  await close()
}
