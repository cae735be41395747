import { expect, test } from 'vitest'
import type { Api } from '../../core/contract/contract.ts'
import { latestDraft, openingDraft, sendUnsent, UnsentDrafts } from './unsent-drafts.ts'
import type { StoredDraft } from './unsent-drafts.ts'

/** The storage of one tab. */
function tabStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  }
}

/** The application's side: what it has of each form. */
function application(has: Record<string, StoredDraft> = {}) {
  const kept = new Map(Object.entries(has))
  const drafts = {
    get: async ({ form }: { form: string }) => kept.get(form) ?? null,
    put: async ({ form, value }: { form: string; value: unknown }) => void kept.set(form, { value, updatedAt: 0 }),
    delete: async ({ form }: { form: string }) => void kept.delete(form),
  }
  return { kept, drafts: drafts as unknown as Api['drafts'] }
}

test('what was typed is there again for whoever typed it, and for nobody else', () => {
  const storage = tabStorage()
  new UnsentDrafts(storage, 'ben', () => 5).keep('call:new', { name: 'Jo' })
  expect(new UnsentDrafts(storage, 'ben', () => 9).find('call:new')).toEqual({ value: { name: 'Jo' }, updatedAt: 5 })
  expect(new UnsentDrafts(storage, 'cleo', () => 9).find('call:new')).toBeNull()
  expect(new UnsentDrafts(storage, 'cleo', () => 9).forms()).toEqual([])
})

test('confirmed, it is gone; a newer text stays', () => {
  let now = 0
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now++)
  const old = unsent.keep('call:new', 'Jo')
  const young = unsent.keep('call:new', 'Jo Smith')
  unsent.settle('call:new', old)
  expect(unsent.find('call:new')?.value).toBe('Jo Smith')
  unsent.settle('call:new', young)
  expect(unsent.find('call:new')).toBeNull()
})

test('a browser that keeps nothing, a full storage and a text that is not ours do no harm', () => {
  const none = new UnsentDrafts(undefined, 'ben', () => 1)
  none.keep('call:new', 'Jo')
  expect([none.find('call:new'), none.forms()]).toEqual([null, []])
  const full = tabStorage()
  full.setItem = () => {
    throw new Error('QuotaExceededError')
  }
  expect(() => new UnsentDrafts(full, 'ben', () => 1).keep('call:new', 'Jo')).not.toThrow()
  const foreign = tabStorage()
  foreign.setItem('propaganda-draft:ben:call:new', '{half')
  expect(new UnsentDrafts(foreign, 'ben', () => 1).find('call:new')).toBeNull()
})

test('of two drafts the later one is shown; one that was discarded later is none', () => {
  const stored = { value: 'stored', updatedAt: 10 }
  expect(latestDraft(stored, null, 20)).toBe(stored)
  expect(latestDraft(stored, { value: 'unsent', updatedAt: 9 }, 20)).toBe(stored)
  expect(latestDraft(stored, { value: 'unsent', updatedAt: 11 }, 20)?.value).toBe('unsent')
  expect(latestDraft(null, { value: 'unsent', updatedAt: 1 }, 20)?.value).toBe('unsent')
  expect(latestDraft(stored, { value: null, updatedAt: 11 }, 20)).toBeNull()
})

test('a stored draft from the future does not win over what was typed after the clock was set back', async () => {
  const stored = { value: 'stored', updatedAt: 1_000 }
  expect(latestDraft(stored, { value: 'typed', updatedAt: 10 }, 11)?.value).toBe('typed')
  expect(latestDraft(stored, null, 11), 'it is a draft all the same').toBe(stored)
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => 10)
  unsent.keep('call:new', 'typed')
  expect(openingDraft(unsent, 'call:new')(stored)?.value).toBe('typed')
  const { kept, drafts } = application({ 'call:new': stored })
  await sendUnsent(unsent, drafts, () => {})
  expect(kept.get('call:new')?.value).toBe('typed')
})

test('what the application lacks is sent to it, and nothing over a later draft', async () => {
  let now = 10
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now)
  unsent.keep('call:new', 'Jo')
  unsent.keep('call:a', null)
  unsent.keep('call:b', 'older than what is there')
  const { kept, drafts } = application({ 'call:a': { value: 'A', updatedAt: 9 }, 'call:b': { value: 'B', updatedAt: 11 } })
  now = 12
  const sent: [string, unknown, string | null][] = []
  await sendUnsent(unsent, drafts, (form, { value }) => void sent.push([form, value, unsent.read(form)]))
  expect(sent, 'reported while this tab still has them').toEqual([
    ['call:new', 'Jo', expect.stringContaining('Jo')],
    ['call:a', null, expect.any(String)],
  ])
  expect(kept.get('call:new')?.value).toBe('Jo')
  expect(kept.has('call:a')).toBe(false)
  expect(kept.get('call:b')?.value).toBe('B')
  expect(unsent.forms()).toEqual([])
})

test('what is typed while it is sent is not put back', async () => {
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => 10)
  unsent.keep('call:new', 'Jo')
  const { kept, drafts } = application()
  const sending = sendUnsent(unsent, drafts, () => {})
  unsent.keep('call:new', 'Jo Smith')
  await sending
  expect(kept.has('call:new'), 'the form sends it').toBe(false)
  expect(unsent.find('call:new')?.value).toBe('Jo Smith')
})

test('a form that asks while what was typed is on its way begins with it, though the answer knows nothing of it yet', () => {
  let now = 5
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now)
  const kept = unsent.keep('call:new', { name: 'Jo' })
  const opening = openingDraft(unsent, 'call:new')
  unsent.settle('call:new', kept)
  expect(opening(null)?.value).toEqual({ name: 'Jo' })
  now = 7
  expect(opening({ value: { name: 'Jo, later' }, updatedAt: 6 })?.value).toEqual({ name: 'Jo, later' })
})
