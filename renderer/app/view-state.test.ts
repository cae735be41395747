import { beforeEach, expect, test } from 'vitest'
import { useViewState, whileShown } from './view-state.ts'

const { openPanel, closePanel, reset } = useViewState.getState()
const shown = () => useViewState.getState().panel?.kind ?? null
beforeEach(reset)

test('what was saved in a panel leads on from it', () => {
  openPanel({ kind: 'edit-call', id: 'a' })
  const ifShown = whileShown()
  ifShown(() => openPanel({ kind: 'call', id: 'a', focus: true }))
  expect(shown()).toBe('call')
})

test('a panel that was closed while it saved stays closed, and one that was opened meanwhile stays open', () => {
  openPanel({ kind: 'edit-call', id: 'a' })
  const ifShown = whileShown()
  closePanel()
  ifShown(() => openPanel({ kind: 'call', id: 'a', focus: true }))
  expect(shown()).toBeNull()
  openPanel({ kind: 'new-user' })
  ifShown(closePanel)
  expect(shown()).toBe('new-user')
})
