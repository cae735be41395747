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

/** The drafts that the application has stored, by form. */
function application(has: Record<string, StoredDraft> = {}) {
  const kept = new Map(Object.entries(has))
  const drafts = {
    get: async ({ form }: { form: string }) => kept.get(form) ?? null,
    put: async ({ form, value }: { form: string; value: unknown }) => void kept.set(form, { value, updatedAt: 0 }),
    delete: async ({ form }: { form: string }) => void kept.delete(form),
  }
  return { kept, drafts: drafts as unknown as Api['drafts'] }
}

test('unsent drafts are restored only for the person who typed them', () => {
  const storage = tabStorage()
  new UnsentDrafts(storage, 'ben', () => 5).keep('call:new', { name: 'Jo' })
  expect(new UnsentDrafts(storage, 'ben', () => 9).find('call:new')).toEqual({ value: { name: 'Jo' }, updatedAt: 5 })
  expect(new UnsentDrafts(storage, 'cleo', () => 9).find('call:new')).toBeNull()
  expect(new UnsentDrafts(storage, 'cleo', () => 9).forms()).toEqual([])
})

test('a confirmed entry is removed; a newer one stays', () => {
  let now = 0
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now++)
  const old = unsent.keep('call:new', 'Jo')
  const young = unsent.keep('call:new', 'Jo Smith')
  unsent.settle('call:new', old)
  expect(unsent.find('call:new')?.value).toBe('Jo Smith')
  unsent.settle('call:new', young)
  expect(unsent.find('call:new')).toBeNull()
})

test('missing storage, full storage and foreign text cause no error', () => {
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

test('the later of two drafts is shown; a draft that was discarded later is not shown', () => {
  const stored = { value: 'stored', updatedAt: 10 }
  expect(latestDraft(stored, null, 20)).toBe(stored)
  expect(latestDraft(stored, { value: 'unsent', updatedAt: 9 }, 20)).toBe(stored)
  expect(latestDraft(stored, { value: 'unsent', updatedAt: 11 }, 20)?.value).toBe('unsent')
  expect(latestDraft(null, { value: 'unsent', updatedAt: 1 }, 20)?.value).toBe('unsent')
  expect(latestDraft(stored, { value: null, updatedAt: 11 }, 20)).toBeNull()
})

test('a stored draft from the future does not replace one typed after the clock was set back', async () => {
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

test('drafts that the application lacks are sent, and overwrite no later draft', async () => {
  let now = 10
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now)
  unsent.keep('call:new', 'Jo')
  unsent.keep('call:a', null)
  unsent.keep('call:b', 'older than what is there')
  const { kept, drafts } = application({ 'call:a': { value: 'A', updatedAt: 9 }, 'call:b': { value: 'B', updatedAt: 11 } })
  now = 12
  const sent: [string, unknown, string | null][] = []
  await sendUnsent(unsent, drafts, (form, { value }) => void sent.push([form, value, unsent.read(form)]))
  expect(sent, 'onSent runs before this tab removes them').toEqual([
    ['call:new', 'Jo', expect.stringContaining('Jo')],
    ['call:a', null, expect.any(String)],
  ])
  expect(kept.get('call:new')?.value).toBe('Jo')
  expect(kept.has('call:a')).toBe(false)
  expect(kept.get('call:b')?.value).toBe('B')
  expect(unsent.forms()).toEqual([])
})

test('sending does not overwrite what is typed meanwhile', async () => {
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => 10)
  unsent.keep('call:new', 'Jo')
  const { kept, drafts } = application()
  const sending = sendUnsent(unsent, drafts, () => {})
  unsent.keep('call:new', 'Jo Smith')
  await sending
  expect(kept.has('call:new'), 'the form sends the newer draft').toBe(false)
  expect(unsent.find('call:new')?.value).toBe('Jo Smith')
})

test('a form that opens while its draft is being sent shows it, although the answer does not contain it yet', () => {
  let now = 5
  const unsent = new UnsentDrafts(tabStorage(), 'ben', () => now)
  const kept = unsent.keep('call:new', { name: 'Jo' })
  const opening = openingDraft(unsent, 'call:new')
  unsent.settle('call:new', kept)
  expect(opening(null)?.value).toEqual({ name: 'Jo' })
  now = 7
  expect(opening({ value: { name: 'Jo, later' }, updatedAt: 6 })?.value).toEqual({ name: 'Jo, later' })
})
