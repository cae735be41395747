import { describe, expect, test } from 'vitest'
import { callOf, codeOf, newId, person, TestWorld } from './testing/test-world.ts'

describe('a DELETE that undoes an import', () => {
  const importCall = (world: TestWorld, userId: string, owner: string) => {
    const id = newId()
    const { updated_at: _, ...values } = callOf(owner)
    expect(codeOf(world.judge(userId, 'calls', id, 'INSERT', values, 1, 'import'))).toBe('ok')
    return id
  }
  const team = () => {
    const world = new TestWorld()
    const [lead, agent, admin] = [
      world.seed('users', person('team_lead', 'lea')),
      world.seed('users', person('agent', 'ben')),
      world.seed('users', person('admin', 'ada')),
    ]
    return { world, lead, agent, admin }
  }
  const undo = (world: TestWorld, userId: string, id: string) =>
    codeOf(world.judge(userId, 'calls', id, 'DELETE', {}, 1, 'import'))

  test('deletes a call that the same person imported for someone else, also without the right to delete', () => {
    const { world, lead, agent } = team()
    const id = importCall(world, lead, agent)
    expect(codeOf(world.judge(lead, 'calls', id, 'DELETE'))).toBe('FORBIDDEN')
    expect(undo(world, lead, id)).toBe('ok')
    expect(world.row('calls', id)).toBeUndefined()
    expect(undo(world, lead, id)).toBe('ok')
  })

  test('keeps a call that someone edited since, whoever runs the undo', () => {
    const { world, lead, agent, admin } = team()
    for (const importer of [lead, admin]) {
      const id = importCall(world, importer, agent)
      world.judge(agent, 'calls', id, 'UPDATE', { notes: 'edited' })
      expect(undo(world, importer, id)).toBe('CONFLICT')
      expect(world.row('calls', id)?.values['notes']).toBe('edited')
    }
  })

  test('keeps a call that the same person edited on another device', () => {
    const { world, lead, agent } = team()
    const id = importCall(world, lead, agent)
    world.judge(lead, 'calls', id, 'UPDATE', { notes: 'edited' })
    world.authors.set(world.seq, { ...world.authorOf(world.seq), deviceId: 'another device' })
    expect(undo(world, lead, id)).toBe('CONFLICT')
  })

  test('keeps a call that another person imported or edited', () => {
    const { world, lead, agent, admin } = team()
    const id = importCall(world, admin, agent)
    expect(undo(world, lead, id)).toBe('CONFLICT')
    world.judge(lead, 'calls', id, 'UPDATE', { notes: 'mine' })
    expect(undo(world, lead, id)).toBe('CONFLICT')
  })

  test('is rejected for people who may not import', () => {
    const { world, agent, admin } = team()
    const id = importCall(world, admin, admin)
    expect(undo(world, agent, id)).toBe('NOT_FOUND')
    expect(world.row('calls', id)).toBeDefined()
  })

  test('may be repeated after the calls were restored and imported again', () => {
    const { world, lead, agent } = team()
    const id = importCall(world, lead, agent)
    expect(undo(world, lead, id)).toBe('ok')
    expect(codeOf(world.judge(lead, 'calls', id, 'RESTORE', {}, 1, 'import'))).toBe('ok')
    expect(codeOf(world.judge(lead, 'calls', id, 'UPDATE', { notes: 'again' }, 1, 'import'))).toBe('ok')
    expect(undo(world, lead, id)).toBe('ok')
  })
})
