/**
 * A process for a test to kill. It signs in, writes without pause, and prints what was acknowledged.
 * Usage: node kill-victim.mjs HOME E-MAIL calls|import [CSV]
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeSync } from 'node:fs'
import { must } from '../../core/assert.ts'
import { createApplication } from '../application.ts'
import { defaultWorkers } from '../default-workers.ts'
import { TEST_PASSWORD, wonCall } from './test-application.ts'

const [home = '', email = '', mode = '', csv = ''] = process.argv.slice(2)
/** Writes synchronously, because a killed process loses the buffer of a stream. While the pipe is full, it tries again. */
function say(line: string): void {
  for (;;)
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
}

const application = createApplication({
  home,
  clock: Date.now,
  random: (length) => randomBytes(length),
  device: { name: 'victim', os: 'test', version: '0.0.0', address: '127.0.0.1' },
  workers: defaultWorkers,
  log: () => {},
  bcryptCost: 4,
})
const api = application.apiOf(application.openConnection('victim'))
const { user } = await api.session.signIn({ email, password: TEST_PASSWORD })
say('ready')

if (mode === 'import') {
  const { importId, suggestedMap } = await api.imports.inspect({ file: new File([readFileSync(csv)], 'calls.csv') })
  for await (const event of await api.imports.run({ importId, map: suggestedMap }))
    say(event.kind === 'progress' ? `imported ${event.done}` : `report ${JSON.stringify({ ...event.report, refusedCsv: null })}`)
} else {
  for (let n = 0; ; n++) {
    const call = await api.calls.create(wonCall(user.id, `Prospect ${n}`))
    say(`created ${call.id}`)
    if (n % 3 === 1) {
      await api.calls.update({ id: call.id, patch: { notes: `Note ${n}` } })
      say(`updated ${call.id} Note ${n}`)
    }
    if (n % 5 === 4) {
      await api.calls.delete({ id: call.id })
      say(`deleted ${must(call.id, 'id')}`)
    }
  }
}
await application.close()
