/**
 * A device for a test to kill. It signs in, writes and syncs without pause, and prints what was acknowledged.
 * Usage: node device-victim.mjs HOME E-MAIL write|read
 */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { createApplication } from '../../application.ts'
import { defaultWorkers } from '../../default-workers.ts'
import { TEST_PASSWORD, wonCall } from '../../testing/test-application.ts'
import { processNetwork } from '../transport/process-network.ts'

const [home = '', email = '', mode = ''] = process.argv.slice(2)
/** Writes synchronously, because a killed process loses the buffer of a stream. */
const say = (line: string) => writeSync(1, `${line}\n`)

const application = createApplication({
  home,
  clock: Date.now,
  random: (length) => randomBytes(length),
  device: { name: 'victim', os: 'test', version: '0.0.0', address: '127.0.0.1' },
  workers: defaultWorkers,
  log: () => {},
  bcryptCost: 4,
  network: processNetwork({ home, deviceName: 'victim', userAgent: 'victim', runsContinuously: true }),
})
const api = application.apiOf(application.openConnection('victim'))
const { user } = await api.session.signIn({ email, password: TEST_PASSWORD })
say('ready')
for (let n = 0; mode === 'write'; n++) {
  const call = await api.calls.create(wonCall(user.id, `Prospect ${n}`))
  say(`created ${call.id}`)
  if (n % 3 === 1) {
    await api.calls.update({ id: call.id, patch: { notes: `Note ${n}` } })
    say(`noted ${call.id} Note ${n}`)
  }
  if (n % 4 === 3) {
    const { pending } = await api.sync.now().catch(() => ({ pending: -1 }))
    say(`synced ${pending}`)
  }
}
