import { beforeEach, expect, test } from 'vitest'
import { shownCalls, useViewState, whileShown } from './view-state.ts'

const { openPanel, closePanel, reset } = useViewState.getState()
const shown = () => useViewState.getState().panel?.kind ?? null
beforeEach(reset)

test('a panel that is still shown moves on after a save', () => {
  openPanel({ kind: 'edit-call', id: 'a' })
  const ifShown = whileShown()
  ifShown(() => openPanel({ kind: 'call', id: 'a', focus: true }))
  expect(shown()).toBe('call')
})

test('a panel that was closed during a save stays closed, and one that was opened meanwhile stays open', () => {
  openPanel({ kind: 'edit-call', id: 'a' })
  const ifShown = whileShown()
  closePanel()
  ifShown(() => openPanel({ kind: 'call', id: 'a', focus: true }))
  expect(shown()).toBeNull()
  openPanel({ kind: 'new-user' })
  ifShown(closePanel)
  expect(shown()).toBe('new-user')
})

test('a period chosen for the calls also applies to the dashboard, and every section keeps its other filters', () => {
  const { leaveSearch } = useViewState.getState()
  const left = (path: string) => useViewState.getState().searches[path]
  leaveSearch('/', { period: 'last_month', agents: 'a' })
  leaveSearch('/calls', { statuses: 'completed' })
  expect(left('/')).toEqual({ period: 'last_month', agents: 'a' })
  leaveSearch('/calls', { period: '2026-01-01..2026-01-31', text: 'jo' })
  expect(left('/')).toEqual({ period: '2026-01-01..2026-01-31', agents: 'a' })
  for (const period of ['any', 'upcoming', 'at:1..2']) leaveSearch('/calls', { period })
  expect(left('/'), 'a report does not have this period').toEqual({ period: '2026-01-01..2026-01-31', agents: 'a' })
  expect(left('/calls')).toEqual({ period: 'at:1..2' })
  reset()
  expect(left('/'), 'the next person starts without filters').toBeUndefined()
})

test('a call opens above the list of calls that it was opened from, and closing returns to the list', () => {
  const { closeAllPanels, closeCalls, moveCallsEnd } = useViewState.getState()
  const calls = { kind: 'calls', title: 'Won', filter: { from: 1, to: 9, outcomes: ['won'] } } as const
  openPanel({ ...calls, filter: { ...calls.filter, outcomes: ['won'] } })
  openPanel({ kind: 'call', id: 'a', focus: true })
  openPanel({ kind: 'edit-call', id: 'a' })
  moveCallsEnd(8, 10)
  expect(shownCalls(useViewState.getState())?.filter.to, 'the end of another figure').toBe(9)
  moveCallsEnd(9, 10)
  expect(shown()).toBe('edit-call')
  closePanel()
  expect(useViewState.getState().panel).toEqual({ ...calls, filter: { ...calls.filter, to: 10 } })
  closePanel()
  expect(shown()).toBeNull()

  openPanel({ ...calls, filter: {} })
  openPanel({ kind: 'new-call' })
  closeCalls()
  expect(shown()).toBe('new-call')
  closePanel()
  expect(shown()).toBeNull()

  openPanel({ ...calls, filter: {} })
  openPanel({ kind: 'call', id: 'a', focus: true })
  closeAllPanels()
  expect(shown()).toBeNull()
  openPanel({ ...calls, filter: {} })
  openPanel({ kind: 'new-user' })
  closePanel()
  expect(shown(), 'a panel of another subject replaces the list').toBeNull()
})
