import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../core/demo-account.ts'
import type { LoopbackApp } from '../../loopback/main.ts'
import { parseStartOptions, UsageError } from '../start/options.ts'
import { say } from '../start/report.ts'
import { serveLoopback } from '../start/serve-loopback.ts'

const USAGE = `npm run demo -- [options]

  --no-open    open no window; only print the address
  --port=N     port of the application; any free one by default
  --home=DIR   keep the demo there; a folder that is removed at the end by default`

/** An address whose browser is signed in to the demo; the demo is made where the home has none. */
async function signInToDemo({ application, loopback }: LoopbackApp): Promise<string> {
  const { url, connection } = loopback.reserve()
  const api = application.client(application.openConnection(connection))
  const { state } = await api.session.get()
  if (state === 'first_start') {
    say('Making three years of calls …')
    for await (const event of await api.workspace.createDemo()) if (event.kind === 'ready') break
  } else await api.session.signIn({ email: DEMO_CLIENT.adminEmail, password: DEMO_PASSWORD })
  say(`Signed in as ${DEMO_CLIENT.adminEmail}; the password of everyone in the demo is ${DEMO_PASSWORD}.`)
  return url
}

try {
  const { home: given, port, open, help } = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd())
  if (help) process.stdout.write(`${USAGE}\n`)
  else {
    const temporary = given === undefined ? mkdtempSync(join(tmpdir(), 'propaganda-demo-')) : undefined
    const afterClose = () => {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
    }
    await serveLoopback({ home: given ?? temporary ?? '', port, open, prepare: signInToDemo, afterClose })
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  say(`${error.message}\n\n${USAGE}`)
  process.exitCode = 2
}
