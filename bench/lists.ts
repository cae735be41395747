import { must } from '../core/assert.ts'
import type { CallFilter, CallSort } from '../core/contract/calls.ts'
import type { Api } from '../core/contract/contract.ts'
import { openReadable } from '../db/open.ts'
import { openListApplication } from './list-application.ts'
import { FROM, TO, type ListWorkspace } from './list-workspace.ts'
import { median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'

const CALLS = Number(process.env.BENCH_CALLS ?? 1_000_000)
const SAMPLES = 40
const PAGE = 100
const MONTH = 30 * 86_400_000

type Kind = {
  readonly what: string
  readonly filter: CallFilter
  readonly sort?: CallSort
  readonly jumps?: boolean
  readonly as?: 'agent'
}

function kinds({ userIds, lossReasonIds }: ListWorkspace): readonly Kind[] {
  const agent = must(userIds[3], 'An agent')
  const byName: CallSort = { by: 'prospectName', direction: 'asc' }
  const byDuration: CallSort = { by: 'callDuration', direction: 'desc' }
  return [
    { what: 'all, newest first', filter: {} },
    { what: 'all, jumps anywhere', filter: {}, jumps: true },
    { what: 'all, by name', filter: {}, sort: byName },
    { what: 'all, by duration', filter: {}, sort: byDuration },
    { what: 'one month', filter: { from: FROM + 12 * MONTH, to: FROM + 13 * MONTH } },
    { what: 'one agent', filter: { userIds: [agent] } },
    { what: 'one agent, jumps', filter: { userIds: [agent] }, jumps: true },
    { what: 'one agent, by name', filter: { userIds: [agent] }, sort: byName },
    { what: 'one agent, by duration', filter: { userIds: [agent] }, sort: byDuration },
    { what: 'status no-show', filter: { statuses: ['no_show'] } },
    { what: 'outcome won', filter: { outcomes: ['won'] } },
    { what: 'inbound and cancelled', filter: { callTypes: ['inbound'], statuses: ['cancelled'] } },
    { what: 'one loss reason', filter: { lossReasonIds: [must(lossReasonIds.at(-1), 'A reason')] } },
    { what: 'text, common word', filter: { text: 'price' } },
    { what: 'text, rare words', filter: { text: 'zoë mey' } },
    { what: 'text, inside of words', filter: { text: 'ilham' } },
    { what: 'text, inside of words, by name', filter: { text: 'ilham' }, sort: byName },
    { what: 'text, no call has it', filter: { text: 'xqzw' } },
    { what: 'text, a phone number', filter: { text: '+4915012' } },
    { what: 'text and agent', filter: { text: 'budget', userIds: [agent] } },
    { what: 'an agent’s own list', filter: {}, as: 'agent' },
    { what: 'an agent’s own, text', filter: { text: 'offer' }, as: 'agent' },
  ]
}

/** Requests pages like a person: the first, the next ones, or jumps of the scroll bar. */
async function pages(api: Api, { filter, sort, jumps }: Kind, total: number): Promise<number[]> {
  const samples: number[] = []
  let after: Awaited<ReturnType<Api['calls']['list']>>['next'] = null
  for (let n = 0; n < SAMPLES; n++) {
    const skip = jumps === true ? Math.floor(Math.random() * Math.max(0, total - PAGE)) : 0
    const { ms, value } = await time(() =>
      api.calls.list({ filter, after: jumps === true ? null : after, skip, limit: PAGE, ...(sort && { sort }) }),
    )
    samples.push(ms)
    after = value.next
  }
  return samples
}

/** Measures lists, filters, counts and a report with a million calls, through the API. The floor is counting the rows. */
export async function benchLists(): Promise<void> {
  const { workspace, path, admin, agent, close } = await openListApplication(CALLS)
  const reader = openReadable(path)
  const countAll = reader.sqlite.prepare('SELECT count(*) FROM calls')
  const floors: number[] = []
  const rows: Row[] = []
  const counts: Row[] = []
  const every: number[] = []
  for (const kind of kinds(workspace)) {
    const api = kind.as === 'agent' ? agent : admin
    floors.push((await time(() => countAll.get())).ms)
    const counted = await time(() => api.calls.count({ filter: kind.filter }))
    const samples = await pages(api, kind, counted.value.total)
    every.push(...samples)
    const [p50, p95] = [median(samples), quantile(samples, 0.95)]
    rows.push({
      what: kind.what,
      value: `p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}`,
      floor: milliseconds(median(floors)),
      ratio: ratio(p95, median(floors)),
    })
    counts.push({
      what: kind.what,
      value: `${milliseconds(counted.ms)} for ${counted.value.total.toLocaleString('en')}${counted.value.exact ? '' : '+'}`,
    })
  }
  const p95 = quantile(every, 0.95)
  rows.push({
    what: 'all of the above',
    value: `p50 ${milliseconds(median(every))}, p95 ${milliseconds(p95)}`,
    floor: milliseconds(median(floors)),
    ratio: ratio(p95, median(floors)),
    target: 'p95 ≤ 30 ms',
  })
  print(`A page of ${PAGE} at ${CALLS.toLocaleString('en')} calls, through the API; floor: SELECT count(*) FROM calls`, rows)
  print('Counts, on the first request', counts)

  const reports: Row[] = []
  for (const [what, range] of [
    ['a month', { from: FROM + 12 * MONTH, to: FROM + 13 * MONTH }],
    ['three years', { from: FROM, to: TO + 8 * 86_400_000 }],
  ] as const) {
    const samples: number[] = []
    for (let n = 0; n < 10; n++) samples.push((await time(() => admin.reports.summary({ range }))).ms)
    reports.push({
      what: `dashboard of ${what}`,
      value: milliseconds(median(samples)),
      floor: milliseconds(median(floors)),
      ratio: ratio(median(samples), median(floors)),
    })
  }
  print('Reports', reports)
  reader.close()
  await close()
}
