import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallPage, Cursor } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import { CallPages, PAGE_SIZE } from './call-pages.ts'
import type { PageRequest } from './call-pages.ts'
import { followed } from './use-selection.ts'

/** A list like that of the application: a cursor names the row before the page and is invalid after a change. */
function server(names: string[]) {
  const requests: PageRequest[] = []
  const answer = (request: PageRequest): CallPage => {
    const start = (request.after === null ? 0 : names.indexOf(request.after) + 1) + request.skip
    const rows = names.slice(start, start + request.limit)
    const last = rows.at(-1)
    return {
      rows: rows.map((id) => ({ id }) as Call),
      next: last === undefined || start + rows.length >= names.length ? null : (last as Cursor),
    }
  }
  return {
    names,
    requests,
    load: async (request: PageRequest) => {
      requests.push(request)
      await Promise.resolve()
      return answer(request)
    },
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))
const named = (count: number) => Array.from({ length: count }, (_, n) => `row ${n}`)

async function opened(count: number) {
  const list = server(named(count))
  const pages = new CallPages(list.load)
  pages.setCount({ total: count, exact: true })
  return { list, pages }
}

test('every row in view is correct, in any order of positions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5_000 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
      async (count, positions) => {
        const { list, pages } = await opened(count)
        for (const position of positions) {
          const first = Math.floor(position * (count - 1))
          const last = Math.min(count - 1, first + 40)
          pages.show(first, last)
          await settled()
          for (let index = first; index <= last; index++) expect(pages.rowAt(index)?.id).toBe(list.names[index])
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('the next page needs no skip; a jump skips from the nearest known earlier page', async () => {
  const { list, pages } = await opened(3_000)
  pages.show(0, 250)
  await settled()
  expect(list.requests.map(({ skip }) => skip)).toEqual([0, 0, 0])
  pages.show(2_000, 2_040)
  await settled()
  expect(list.requests.at(-1)).toMatchObject({ after: 'row 299', skip: 1_700 })
  pages.show(1_950, 1_960)
  await settled()
  expect(list.requests.at(-1)).toMatchObject({ after: 'row 299', skip: 1_600 })
})

test('pages that were passed while another one was loading are not requested', async () => {
  const { list, pages } = await opened(100_000)
  for (let first = 0; first < 90_000; first += 1_000) pages.show(first, first + 30)
  await settled()
  expect(list.requests.length).toBeLessThanOrEqual(2)
  expect(pages.rowAt(89_010)?.id).toBe('row 89010')
})

test('after a change old rows stay until the new ones are loaded, and are not mixed with them', async () => {
  const { list, pages } = await opened(500)
  pages.show(0, 150)
  await settled()
  list.names.unshift('new')
  pages.setCount({ total: 501, exact: true })
  expect(pages.rowAt(0)?.id).toBe('row 0')
  expect(pages.isFresh(0)).toBe(false)
  expect(pages.indexOf('row 0')).toBeUndefined()
  await settled()
  expect(pages.rowAt(0)?.id).toBe('new')
  expect(pages.rowAt(150)?.id).toBe('row 149')
  expect(pages.indexOf('row 0')).toBe(1)
})

test('a page that was requested before a change is discarded', async () => {
  const { list, pages } = await opened(500)
  pages.show(200, 220)
  list.names.unshift('new')
  pages.setCount({ total: 501, exact: true })
  await settled()
  expect(pages.rowAt(200)?.id).toBe('row 199')
})

test('a first count after a change does not belong to a page that was loaded before the change', async () => {
  const list = server([])
  const pages = new CallPages(list.load)
  pages.show(0, 40)
  await settled()
  list.names.push('row 0')
  pages.outdate()
  pages.setCount({ total: 1, exact: true })
  await settled()
  expect(pages.rowAt(0)?.id).toBe('row 0')
})

test('an error keeps the shown rows, and a retry continues', async () => {
  const list = server(named(300))
  let broken = true
  const pages = new CallPages(async (request) => {
    if (broken) throw new Error('busy')
    return list.load(request)
  })
  pages.setCount({ total: 300, exact: true })
  pages.show(0, 10)
  await settled()
  expect(pages.error).toBeInstanceOf(Error)
  expect(pages.isReady).toBe(true)
  broken = false
  pages.retry()
  await settled()
  expect(pages.error).toBeUndefined()
  expect(pages.rowAt(3)?.id).toBe('row 3')
})

test('stop during a load causes no error, and show continues', async () => {
  const list = server(named(300))
  const pages = new CallPages(async (request, signal) => {
    await Promise.resolve()
    signal.throwIfAborted()
    return list.load(request)
  })
  pages.setCount({ total: 300, exact: true })
  pages.show(0, 10)
  pages.stop()
  pages.show(0, 10)
  await settled()
  expect(pages.error).toBeUndefined()
  expect(pages.rowAt(3)?.id).toBe('row 3')
})

test('a list that is scrolled to its end keeps only some pages in memory', async () => {
  const { pages } = await opened(20_000)
  for (let first = 0; first < 20_000; first += PAGE_SIZE) {
    pages.show(first, first + 10)
    await settled()
  }
  expect(pages.rowAt(0)).toBeUndefined()
  expect(pages.rowAt(19_905)?.id).toBe('row 19905')
})

test('the selection follows its call, and moves to the next row if the call is removed', async () => {
  const { list, pages } = await opened(50)
  pages.show(0, 49)
  await settled()
  const chosen = { pages, index: 10, id: 'row 10' }
  expect(followed(chosen)).toBe(chosen)
  list.names.unshift('new')
  pages.setCount({ total: 51, exact: true })
  expect(followed(chosen)).toBe(chosen)
  await settled()
  expect(followed(chosen)).toEqual({ pages, index: 11, id: 'row 10' })
  list.names.splice(11, 1)
  pages.setCount({ total: 50, exact: true })
  await settled()
  expect(followed({ pages, index: 11, id: 'row 10' })).toEqual({ pages, index: 11, id: 'row 11' })
})

test('if the last row is removed, the row before it is selected; in an empty list, none', async () => {
  const { list, pages } = await opened(3)
  pages.show(0, 2)
  await settled()
  list.names.pop()
  pages.setCount({ total: 2, exact: true })
  await settled()
  expect(followed({ pages, index: 2, id: 'row 2' })).toEqual({ pages, index: 1, id: 'row 1' })
  pages.setCount({ total: 0, exact: true })
  expect(followed({ pages, index: 1, id: 'row 1' })).toBeNull()
})

test('behind an inexact count the list grows with each page, and ends with the last one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 0, max: 900 }),
      async (count, counted, removed) => {
        const list = server(named(count))
        const pages = new CallPages(list.load)
        const scrollToEnd = async () => {
          for (let total = -1; total !== pages.total;) {
            total = pages.total ?? 0
            pages.show(Math.max(0, total - 30), total - 1)
            await settled()
          }
        }
        pages.setCount({ total: Math.min(count, counted), exact: false })
        await scrollToEnd()
        expect([pages.total, pages.isExact]).toEqual([count, true])
        expect(pages.rowAt(count - 1)?.id).toBe(list.names.at(-1))
        // A second count: the list keeps its length until a page shows where it ends.
        list.names.splice(0, Math.min(removed, count - 1))
        pages.setCount({ total: 1, exact: false })
        expect(pages.total).toBe(count)
        await scrollToEnd()
        expect([pages.total, pages.isExact]).toEqual([list.names.length, true])
        expect(pages.rowAt(list.names.length - 1)?.id).toBe(list.names.at(-1))
      },
    ),
    { numRuns: 60 },
  )
})
