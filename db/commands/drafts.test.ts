import { afterEach, beforeEach, expect, test } from 'vitest'
import { DISCARDED_DRAFTS, DISCARDED_KEPT } from '../../core/model/draft.ts'
import { getDraft, listDrafts } from '../queries/drafts.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { putDraft } from './drafts.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

test('a discarded draft is kept for a day; the next draft that is written then removes it from the file', () => {
  const { db, agentId, adminId } = workspace
  const put = (form: string, updatedAt: number, userId = agentId) =>
    workspace.write(() => putDraft(db, { userId, form, value: form, updatedAt }))
  const first = `${DISCARDED_DRAFTS}1`
  put(first, START)
  put(`${DISCARDED_DRAFTS}2`, START + 60_000)
  put('call:new', START)
  put('aside:1', START)
  const listed = (now: number) => listDrafts(db, agentId, DISCARDED_DRAFTS, now).map(({ value }) => value)
  expect(listed(START + DISCARDED_KEPT)).toEqual([`${DISCARDED_DRAFTS}2`, first])
  expect(listed(START + DISCARDED_KEPT + 1)).toEqual([`${DISCARDED_DRAFTS}2`])
  expect(getDraft(db, agentId, first)?.value, 'not removed yet').toBe(first)
  put('call:new', START + DISCARDED_KEPT + 1, adminId)
  expect(getDraft(db, agentId, first)).toBeUndefined()
  expect(listed(START + DISCARDED_KEPT + 1)).toEqual([`${DISCARDED_DRAFTS}2`])
  // Drafts that were not discarded do not expire.
  expect(listDrafts(db, agentId, 'aside:', START * 2)).toHaveLength(1)
  expect(getDraft(db, agentId, 'call:new')?.value).toBe('call:new')
})
