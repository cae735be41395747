import { must } from '../core/assert.ts'
import { BY_RANK, type CallFilter, type CallPage, type CallSort, type Cursor } from '../core/contract/calls.ts'
import type { Api } from '../core/contract/contract.ts'
import type { ReadableDb } from '../db/open.ts'
import { openReadable } from '../db/open.ts'
import { openListApplication } from './list-application.ts'
import { FIRST_NAMES, FROM, type ListWorkspace } from './list-workspace.ts'
import { median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'

const CALLS = Number(process.env['BENCH_SEARCH_CALLS'] ?? 1_000_000)
const PAGE = 100
const MONTH = 30 * 86_400_000
/** Each text is searched so often: the first page, and the pages that follow it. */
const PAGES = 4
const REPEATS = 3

type Kind = {
  readonly what: string
  readonly texts: readonly string[]
  readonly filter?: CallFilter
  readonly sort?: CallSort
  readonly as?: 'agent'
}

const COMMON = ['price', 'budget', 'call', 'back', 'later', 'offer', 'week', 'month']

/** Whole names of calls in the file, spread over it. */
function namesOf(db: ReadableDb): readonly string[] {
  const select = 'SELECT prospect_name AS name FROM calls WHERE rowid % (SELECT max(rowid) / 12 + 1 FROM calls) = 1'
  return db.sqlite
    .prepare<[], { name: string }>(select)
    .all()
    .map(({ name }) => name)
}

/** Exchanges two letters in the middle of the last word. */
function withTypingError(name: string): string {
  const middle = name.lastIndexOf(' ') + 3
  return `${name.slice(0, middle)}${name.charAt(middle + 1)}${name.charAt(middle)}${name.slice(middle + 2)}`
}

function kinds({ userIds }: ListWorkspace, names: readonly string[]): readonly Kind[] {
  const lastNames = names.map((name) => name.split(' ')[1] ?? name)
  const userId = [must(userIds[3], 'An agent')]
  const rareAgent = [must(userIds.at(-1), 'An agent')]
  const period = { from: FROM + 12 * MONTH, to: FROM + 13 * MONTH }
  const byName: CallSort = { by: 'prospectName', direction: 'asc' }
  return [
    { what: 'a common word of notes', texts: COMMON },
    { what: 'the beginning of a common word', texts: COMMON.map((word) => word.slice(0, 2)) },
    { what: 'a first name', texts: FIRST_NAMES.slice(0, 8).map((name) => name.toLowerCase()) },
    { what: 'a last name', texts: lastNames },
    { what: 'a whole name', texts: names },
    { what: 'a first name and the beginning of a last one', texts: names.map((name) => name.slice(0, name.indexOf(' ') + 3)) },
    { what: 'a name with a typing error', texts: names.map(withTypingError) },
    { what: 'an e-mail address', texts: names.map((name) => `${name.toLowerCase().replace(' ', '.')}7@example.com`) },
    { what: 'a phone number', texts: ['+4915012', '0151 23', '015234', '4917 99', '0160555'] },
    { what: 'the inside of words', texts: ['ilham', 'ermann', 'ufhof', 'onson'] },
    { what: 'no call has it', texts: ['xqzw', 'qqqqq', 'zzyzx9'] },
    { what: 'two common words', texts: ['price budget', 'call later', 'offer week'] },
    { what: 'a common word, one agent', texts: COMMON, filter: { userIds: userId } },
    { what: 'a common word, an agent with few calls', texts: COMMON, filter: { userIds: rareAgent } },
    { what: 'a last name, one agent', texts: lastNames, filter: { userIds: userId } },
    { what: 'a common word, a month long ago', texts: COMMON, filter: period },
    { what: 'a last name, a month long ago', texts: lastNames, filter: period },
    { what: 'a common word, one agent, a month', texts: COMMON, filter: { ...period, userIds: userId } },
    { what: 'a common word, cancelled calls', texts: COMMON, filter: { statuses: ['cancelled'] } },
    { what: 'a common word, by name', texts: COMMON, sort: byName },
    { what: 'a last name, by name', texts: lastNames, sort: byName },
    { what: 'an agent’s own, a common word', texts: COMMON, as: 'agent' },
    { what: 'an agent’s own, a name with a typing error', texts: names.map(withTypingError), as: 'agent' },
  ]
}

async function measure(api: Api, { texts, filter = {}, sort = BY_RANK }: Kind) {
  const [first, later, counts]: [number[], number[], number[]] = [[], [], []]
  for (let n = 0; n < REPEATS; n++)
    for (const text of texts) {
      const asked = { ...filter, text }
      let after: Cursor | null = null
      for (let page = 0; page < PAGES; page++) {
        const request: Parameters<Api['calls']['list']>[0] = { filter: asked, sort, after, limit: PAGE }
        const { ms, value }: { readonly ms: number; readonly value: CallPage } = await time(() => api.calls.list(request))
        ;(page === 0 ? first : later).push(ms)
        after = value.next
        if (after === null) break
      }
      counts.push((await time(() => api.calls.count({ filter: asked }))).ms)
    }
  return { first, later, counts }
}

const both = (samples: readonly number[]) =>
  samples.length === 0 ? '–' : `p50 ${milliseconds(median(samples))}, p95 ${milliseconds(quantile(samples, 0.95))}`

/** The time in which FTS5 alone finds a page of rowids, in no order and without a filter. */
function bareMatch(db: ReadableDb, texts: readonly string[]): number {
  const select = db.sqlite.prepare(`SELECT rowid FROM calls_text WHERE calls_text MATCH ? LIMIT ${PAGE}`)
  const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.map((word) => `"${word}"*`) ?? []
  const samples: number[] = []
  for (let n = 0; n < REPEATS; n++)
    for (const text of texts) {
      const begin = performance.now()
      select.all(words(text).join(' AND '))
      samples.push(performance.now() - begin)
    }
  return quantile(samples, 0.95)
}

/** Measures searches through the API, by rank if no other order is given. The floor is FTS5's own search of the same texts. */
export async function benchSearch(): Promise<void> {
  const { workspace, path, admin, agent, close } = await openListApplication(CALLS)
  const reader = openReadable(path)
  const names = namesOf(reader)
  const [pages, counts]: [Row[], Row[]] = [[], []]
  const every: number[] = []
  for (const kind of kinds(workspace, names)) {
    const floor = bareMatch(reader, kind.texts)
    const { first, later, counts: counted } = await measure(kind.as === 'agent' ? agent : admin, kind)
    every.push(...first, ...later)
    const p95 = quantile([...first, ...later], 0.95)
    const target = 'p95 ≤ 15 ms'
    pages.push({
      what: kind.what,
      value: `first page ${both(first)}; later ${both(later)}`,
      floor: milliseconds(floor),
      ratio: ratio(p95, floor),
      target,
    })
    counts.push({
      what: kind.what,
      value: both(counted),
      floor: milliseconds(floor),
      ratio: ratio(quantile(counted, 0.95), floor),
      target: 'p95 ≤ 30 ms',
    })
  }
  pages.push({ what: 'all of the above', value: both(every), target: 'p95 ≤ 15 ms' })
  const size = CALLS.toLocaleString('en')
  print(`Searches: a page of ${PAGE} at ${size} calls, through the API; floor: p95 of the bare FTS5 MATCH, LIMIT ${PAGE}`, pages)
  print(`Counts of the same searches at ${size} calls`, counts)
  reader.close()
  await close()
}
