import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DraftWriter } from './draft-writer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Keeps on the spot what is not yet written. */
function shelf() {
  const kept = new Set<string>()
  const keep = (value: string | null) => {
    kept.clear()
    kept.add(String(value))
    return String(value)
  }
  return { kept, keep, settle: (text: string) => kept.delete(text) }
}

/** A store that answers when told to. */
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

test('typing is written down once, shortly after the last key', async () => {
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

test('asked to, it writes at once, and says when it is done', async () => {
  const { log, answer, store } = slowStore()
  const writer = new DraftWriter<string>(store)
  writer.change('Jo')
  const done = writer.flush()
  await vi.advanceTimersByTimeAsync(0)
  await answer()
  await done
  expect(log).toEqual(['put Jo'])
})

test('a draft that is discarded while it is being written is gone afterwards', async () => {
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

test('what could not be written goes with the next try, and an older text never over a newer one', async () => {
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

test('a change is kept on the spot, until just that change is written', async () => {
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

test('with nothing due, nothing is written', async () => {
  const { log, store } = slowStore()
  await new DraftWriter<string>(store).flush()
  expect(log).toEqual([])
})

test('while a record is being saved its draft is kept; the draft of the next record is written after that', async () => {
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

test('a draft that is read late is changed after the writes under way, and a change since then wins', async () => {
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
