import type { UserId } from '../id.ts'
import { describe, expect, test } from 'vitest'
import { callOf, codeOf, newId, person, TestRows } from './testing/test-rows.ts'

describe('a DELETE that undoes an import', () => {
  const importCall = (rows: TestRows, userId: UserId, owner: string) => {
    const id = newId()
    const { updated_at: _, ...values } = callOf(owner)
    expect(codeOf(rows.judge(userId, 'calls', id, 'INSERT', values, 1, 'import'))).toBe('ok')
    return id
  }
  const team = () => {
    const rows = new TestRows()
    const [lead, agent, admin] = [
      rows.seed('users', person('team_lead', 'lea')),
      rows.seed('users', person('agent', 'ben')),
      rows.seed('users', person('admin', 'ada')),
    ]
    return { rows, lead, agent, admin }
  }
  const undo = (rows: TestRows, userId: UserId, id: string) => codeOf(rows.judge(userId, 'calls', id, 'DELETE', {}, 1, 'import'))

  test('deletes a call that the same person imported for someone else, even without the permission to delete', () => {
    const { rows, lead, agent } = team()
    const id = importCall(rows, lead, agent)
    expect(codeOf(rows.judge(lead, 'calls', id, 'DELETE'))).toBe('FORBIDDEN')
    expect(undo(rows, lead, id)).toBe('ok')
    expect(rows.row('calls', id)).toBeUndefined()
    expect(undo(rows, lead, id)).toBe('ok')
  })

  test('keeps a call that someone has edited since, for any person who runs the undo', () => {
    const { rows, lead, agent, admin } = team()
    for (const importer of [lead, admin]) {
      const id = importCall(rows, importer, agent)
      rows.judge(agent, 'calls', id, 'UPDATE', { notes: 'edited' })
      expect(undo(rows, importer, id)).toBe('CONFLICT')
      expect(rows.row('calls', id)?.values['notes']).toBe('edited')
    }
  })

  test('keeps a call that the same person edited on another device', () => {
    const { rows, lead, agent } = team()
    const id = importCall(rows, lead, agent)
    rows.judge(lead, 'calls', id, 'UPDATE', { notes: 'edited' })
    rows.authors.set(rows.seq, { ...rows.authorOf(rows.seq), deviceId: 'another device' })
    expect(undo(rows, lead, id)).toBe('CONFLICT')
  })

  test('keeps a call that another person imported or edited', () => {
    const { rows, lead, agent, admin } = team()
    const id = importCall(rows, admin, agent)
    expect(undo(rows, lead, id)).toBe('CONFLICT')
    rows.judge(lead, 'calls', id, 'UPDATE', { notes: 'mine' })
    expect(undo(rows, lead, id)).toBe('CONFLICT')
  })

  test('is rejected for people who may not import', () => {
    const { rows, agent, admin } = team()
    const id = importCall(rows, admin, admin)
    expect(undo(rows, agent, id)).toBe('NOT_FOUND')
    expect(rows.row('calls', id)).toBeDefined()
  })

  test('can be repeated after the calls were restored and imported again', () => {
    const { rows, lead, agent } = team()
    const id = importCall(rows, lead, agent)
    expect(undo(rows, lead, id)).toBe('ok')
    expect(codeOf(rows.judge(lead, 'calls', id, 'RESTORE', {}, 1, 'import'))).toBe('ok')
    expect(codeOf(rows.judge(lead, 'calls', id, 'UPDATE', { notes: 'again' }, 1, 'import'))).toBe('ok')
    expect(undo(rows, lead, id)).toBe('ok')
  })
})
