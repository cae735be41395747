import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DraftWriter } from './draft-writer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Holds the changes that are not written yet. */
function shelf() {
  const kept = new Set<string>()
  const keep = (value: string | null) => {
    kept.clear()
    kept.add(String(value))
    return String(value)
  }
  return { kept, keep, settle: (text: string) => kept.delete(text) }
}

/** A store whose writes finish when the test calls `answer`. */
function slowStore() {
  const log: string[] = []
  const waiting: (() => void)[] = []
  const answered = (what: string) =>
    new Promise<void>((resolve) => {
      waiting.push(() => {
        log.push(what)
        resolve()
      })
    })
  const answer = async () => {
    while (waiting.length > 0) {
      waiting.shift()?.()
      await vi.advanceTimersByTimeAsync(0)
    }
  }
  return {
    log,
    answer,
    store: { put: (value: string) => answered(`put ${value}`), delete: () => answered('delete'), ...shelf() },
  }
}

test('a draft is written once, shortly after the last key', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  for (const text of ['J', 'Jo', 'Jo ', 'Jo S']) {
    writer.change(text)
    await vi.advanceTimersByTimeAsync(100)
  }
  await answer()
  expect(log).toEqual([])
  await vi.advanceTimersByTimeAsync(300)
  await answer()
  expect(log).toEqual(['put Jo S'])
})

test('flush writes at once and resolves when the draft is written', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.change('Jo')
  const done = writer.flush()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await done
  expect(log).toEqual(['put Jo'])
})

test('a draft that is discarded during its write is deleted afterwards', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.change('Jo')
  void writer.flush()
  await vi.advanceTimersByTimeAsync(0)
  const done = writer.discard()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await done
  expect(log).toEqual(['put Jo', 'delete'])
})

test('a failed write is repeated with the next flush, and an older text never overwrites a newer one', async () => {
  const written: string[] = []
  let broken = true
  const writer = new DraftWriter<string>({
    put: async (value) => {
      if (broken) throw new Error('no connection')
      written.push(value)
    },
    delete: async () => {},
    ...shelf(),
  })
  writer.change('Jo')
  await expect(writer.flush()).rejects.toThrow('no connection')
  broken = false
  await writer.flush()
  expect(written).toEqual(['Jo'])

  broken = true
  writer.change('Jo S')
  const failing = writer.flush()
  writer.change('Jo Smith')
  await expect(failing).rejects.toThrow('no connection')
  broken = false
  await writer.flush()
  expect(written).toEqual(['Jo', 'Jo Smith'])
})

test('a change is kept at once, until that same change is written', async () => {
  const { answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.change('Jo')
  expect([...store.kept]).toEqual(['Jo'])
  void writer.flush()
  await vi.advanceTimersByTimeAsync(0)
  writer.change('Jo Smith')
  await answer()
  expect([...store.kept], 'the older one is written').toEqual(['Jo Smith'])
  void writer.flush()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  expect([...store.kept]).toEqual([])
})

test('flush without a change writes nothing', async () => {
  const { log, store } = slowStore()
  await new DraftWriter<string>(store).flush()
  expect(log).toEqual([])
})

test('while a record is being saved its draft is kept; the draft of the next record is written afterwards', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.hold()
  writer.change('Ne')
  writer.change('Next')
  await vi.advanceTimersByTimeAsync(10_000)
  expect([log, writer.isHeld, writer.held]).toEqual([[], true, 'Next'])
  const done = writer.release()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await done
  expect([log, writer.isHeld]).toEqual([['put Next'], false])
})

test('the draft is deleted after the last of several saves if nothing was typed since', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.hold()
  writer.change('Second')
  writer.hold()
  await writer.release()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(log).toEqual([])
  const done = writer.release()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await done
  expect(log).toEqual(['delete'])
})

test('a draft that is read late is changed after the writes under way, and a later change wins', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.change('Jo')
  void writer.flush()
  const added = writer.changeTo(async () => {
    log.push('read')
    return 'Jo Smith'
  })
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await added
  expect(log).toEqual(['put Jo', 'read', 'put Jo Smith'])

  let read: (value: string) => void = () => {}
  void writer.changeTo(() => new Promise<string>((resolve) => (read = resolve)))
  await vi.advanceTimersByTimeAsync(0)
  writer.change('Jo Smithers')
  read('Jo, as stored')
  await vi.advanceTimersByTimeAsync(300)
  await answer()
  expect(log.slice(3)).toEqual(['put Jo Smithers'])
})
