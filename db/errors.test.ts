import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall } from './commands/calls.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

test.each([
  ['userId', { userId: '01900000-0000-7000-8000-000000000000' }],
  [
    'lossReasonId',
    {
      status: 'completed',
      outcome: 'lost',
      completedAt: 1,
      lossReasonId: '01900000-0000-7000-8000-000000000000',
    },
  ],
] as const)('a call whose %s points to nobody names the field, and nothing is saved', (path, over) => {
  const add = () => workspace.write(() => insertCall(workspace.db, workspace.newCall(over)))
  expect(add).toThrow(
    expect.objectContaining({ code: 'INVALID', data: { issues: [expect.objectContaining({ path })] } }) as Error,
  )
  expect(workspace.db.sqlite.prepare('SELECT count(*) AS n FROM calls').get()).toEqual({ n: 0 })
})
