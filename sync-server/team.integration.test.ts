import { afterAll, beforeAll, expect, test } from 'vitest'
import { teamAnswerSchema, readTeamCells } from '../core/sync/team-protocol.ts'
import { SyncError } from '../core/sync/errors.ts'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'
import type { TestDevice } from './testing/test-device.ts'

const server = new TestServer(11)
let acme: SampleWorkspace
let agent: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme', (workspace) => {
    const { agent: one, other, team_lead: lead } = workspace.people
    // 75 days with one call each of three people, and one day with two.
    for (let day = 0; day < 75; day++)
      for (const { id } of [one, other, lead]) {
        const at = Number(wonCall(id)['completed_at']) - day * 86_400_000
        const times = { completed_at: at, created_at: at, updated_at: at }
        workspace.rows.calls.push({ id: server.newId(), ...wonCall(id, 'Secret Prospect'), ...times })
      }
    for (const { id } of [one, other]) {
      const at = Number(wonCall(id)['completed_at']) + 86_400_000
      const times = { completed_at: at, created_at: at, updated_at: at }
      workspace.rows.calls.push({ id: server.newId(), ...wonCall(id, 'Secret Prospect'), ...times })
    }
  })
  agent = await server.joined(acme.people.agent.email)
})
afterAll(() => server.dispose())

const codeOf = (request: Promise<unknown>) =>
  request.then(
    () => 'none',
    (error: unknown) => (error instanceof SyncError ? error.code : String(error)),
  )

test('an agent gets the totals of a published workspace in one answer, without ids, names and rows', async () => {
  const texts: string[] = []
  agent.onReceive = (text) => void texts.push(text)
  const answer = teamAnswerSchema.parse(await agent.get('/v1/team?since=0'))
  agent.onReceive = () => {}
  expect(answer).toMatchObject({ complete: true, zone: 'Europe/Berlin' })
  const cells = readTeamCells(answer.cells)
  expect(cells).toHaveLength(75)
  for (const cell of cells) expect(cell).toMatchObject({ people: 3, counts: { completed: 3, won: 3, talkSeconds: 540 } })
  const people = Object.values(acme.people).flatMap(({ id, name }) => [id, name])
  for (const hidden of [...people, 'Secret Prospect', acme.clientId]) expect(texts.join()).not.toContain(hidden)
  const next = teamAnswerSchema.parse(await agent.get(`/v1/team?since=${answer.since}`))
  expect(next).toMatchObject({ complete: true, since: answer.since })
  expect(readTeamCells(next.cells)).toEqual([])
})

test('people who see all calls, and unknown people, get nothing', async () => {
  for (const role of ['team_lead', 'viewer', 'admin'] as const) {
    const device = await server.joined(acme.people[role].email)
    expect(await codeOf(device.get('/v1/team?since=0')), role).toBe('NOT_FOUND')
  }
  expect(await codeOf(server.device().get('/v1/team?since=0'))).toBe('UNAUTHENTICATED')
})

test.each(['', '?since=-1', '?since=x', '?since=1.5', '?since=1&since=2', '?since=99999999999999999999'])(
  'a malformed place is refused: %s',
  async (query) => {
    expect(await codeOf(agent.get(`/v1/team${query}`))).toBe('MALFORMED')
  },
)

test('another client’s totals are separate', async () => {
  const bolt = await server.workspace('Bolt')
  const other = await server.joined(bolt.people.agent.email)
  expect(readTeamCells(teamAnswerSchema.parse(await other.get('/v1/team?since=0')).cells)).toEqual([])
})

test('many devices that request at the same time get the same', async () => {
  const id = agent.insertCall({ ...wonCall(acme.people.agent.id), call_duration: 1 })
  expect((await agent.push()).rejected).toEqual([])
  expect(id).toBeDefined()
  const answers = await Promise.all(Array.from({ length: 20 }, () => agent.get('/v1/team?since=0')))
  const versions = new Set(answers.map((answer) => teamAnswerSchema.parse(answer).since))
  expect(versions.size).toBe(1)
})
