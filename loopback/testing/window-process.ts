/**
 * Runs the loopback shell with one window in a separate process. It prints the window's status, one JSON document per line. A line on
 * standard input is a request: `sign-in E-MAIL`, `session`, `sign-ins`, `call PROSPECT` or `join URL E-MAIL`. The result is printed as
 * `{"done": …}` or `{"failed": code, …}`.
 * Usage: node window-process.ts HOME
 */
import { createInterface } from 'node:readline'
import { writeSync } from 'node:fs'
import { TEST_PASSWORD, wonCall } from '../../app/testing/test-application.ts'
import { must } from '../../core/assert.ts'
import { startLoopbackApp } from '../main.ts'

const home = must(process.argv[2], 'a home')
/** Writes synchronously, because a process that ends loses the data buffered in a stream. */
const print = (document: unknown) => writeSync(1, `${JSON.stringify(document)}\n`)

const { application } = await startLoopbackApp({ home, port: 0, rendererRoot: import.meta.dirname, version: '0.0.0' })
const api = application.apiOf(application.openConnection('window'))
let userId = ''

async function follow(): Promise<void> {
  for await (const status of await api.sync.follow()) print(status)
}

async function execute(verb: string, rest: readonly string[]): Promise<unknown> {
  if (verb === 'sign-in') {
    userId = (await api.session.signIn({ email: rest[0] ?? '', password: TEST_PASSWORD })).user.id
    follow().catch((error: unknown) => print({ followingEnded: String(error) }))
    return userId
  }
  if (verb === 'session') return api.session.get()
  if (verb === 'sign-ins')
    return (await api.audit.list({ actions: ['LOGIN'] })).rows.map((entry) => ({ userId: entry.userId, at: entry.createdAt }))
  if (verb === 'call') return (await api.calls.create({ ...wonCall(userId, rest.join(' ')), notes: 'n'.repeat(9_000) })).id
  for await (const event of await api.sync.join({
    serverUrl: rest[0] ?? '',
    email: rest[1] ?? '',
    password: TEST_PASSWORD,
  }))
    if (event.kind === 'ready') return event.session.user.id
  return null
}

print({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  const [verb = '', ...rest] = line.split(' ')
  try {
    print({ done: await execute(verb, rest) })
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    print({ failed: code ?? 'untyped', message })
  }
}
