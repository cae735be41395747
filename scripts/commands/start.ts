import { homedir } from 'node:os'
import { defaultHome } from '../../app/shell/default-home.ts'
import { hasDisplay } from '../../loopback/chromium.ts'
import { electronPlace, obtainElectron } from '../start/electron-binary.ts'
import { parseStartOptions, START_USAGE, UsageError, type StartOptions } from '../start/options.ts'
import { say } from '../start/report.ts'
import { serveElectron } from '../start/serve-electron.ts'
import { serveLoopback } from '../start/serve-loopback.ts'
import { TREE } from '../tree.ts'

async function start({ shell, open, port, home: given }: StartOptions): Promise<void> {
  const home = given ?? defaultHome({ platform: process.platform, env: process.env, userHome: homedir() })
  if (shell !== 'loopback') {
    const program = await electronFor(shell)
    const exitCode = program === undefined ? undefined : await serveElectron(program, home)
    if (exitCode !== undefined) {
      process.exitCode = exitCode
      return
    }
    if (program !== undefined) say('Electron could not open its window.')
    if (shell === 'electron') {
      say('--shell=electron allows only Electron. Omit the option to use the loopback shell if Electron cannot run.')
      process.exitCode = 1
      return
    }
  }
  await serveLoopback({ home, port, open })
}

/** Returns the path of Electron's program. If there is none, returns undefined and prints the reason. */
async function electronFor(shell: 'auto' | 'electron'): Promise<string | undefined> {
  if (shell === 'auto' && !hasDisplay(process.platform, process.env)) {
    say('Electron needs a display, and there is none. The loopback shell is used.')
    return undefined
  }
  const place = electronPlace(TREE)
  const program = await obtainElectron(place, shell === 'electron', () => say('Fetching Electron (for 15 s at most) …'))
  if (program === undefined)
    say(`Electron is not installed and could not be fetched${shell === 'auto' ? '; the loopback shell is used' : ''}.`)
  return program
}

try {
  const options = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd())
  if (options.help) process.stdout.write(`${START_USAGE}\n`)
  else await start(options)
} catch (error) {
  if (error instanceof UsageError) say(`${error.message}\n\n${START_USAGE}`)
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    say(
      'Another program uses the port, perhaps an earlier start of this one. Choose another port with --port=N, or omit the option.',
    )
  else throw error
  process.exitCode = 2
}
