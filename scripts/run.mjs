// Every npm script enters here, on the machine's own Node and possibly without node_modules. So this file and scripts/setup/ use only
// what Node 20 contains. They install the packages and the product's own Node, which then runs the command.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install, InstallError } from './setup/install.mjs'
import { projectNode } from './setup/lock-state.mjs'
import { hostNodeComplaint } from './setup/versions.mjs'

const TREE = fileURLToPath(new URL('..', import.meta.url))

/** @type {Readonly<Record<string, string>>} */
const COMMANDS = {
  start: 'scripts/commands/start.ts',
  demo: 'scripts/commands/demo.ts',
  cli: 'scripts/commands/cli.ts',
  'sync-server': 'scripts/commands/sync-server.ts',
  check: 'scripts/commands/check.ts',
  test: 'scripts/commands/test.ts',
  build: 'scripts/commands/build.ts',
  bench: 'bench/main.ts',
  migration: 'scripts/commands/migration.ts',
  screenshots: 'scripts/commands/screenshots.ts',
  docs: 'scripts/commands/docs.ts',
  texts: 'scripts/commands/texts.ts',
  'electron-runtime': 'scripts/commands/electron-runtime.ts',
}

/** Programs that a person waits for. Node keeps their compiled code, and that of the built programs and threads that they start. */
const KEEPS_COMPILED = new Set([COMMANDS['start'], COMMANDS['demo'], COMMANDS['cli']])

const [command = '', ...args] = process.argv.slice(2)
const file = COMMANDS[command]
const complaint = hostNodeComplaint(process.version)

if (complaint !== undefined) fail(complaint)
else if (file === undefined) fail(`There is no command "${command}". There are: ${Object.keys(COMMANDS).join(', ')}.`)
else await main(file)

/** @param {string} script */
async function main(script) {
  try {
    await install(TREE)
  } catch (error) {
    if (!(error instanceof InstallError)) throw error
    return fail(error.message)
  }
  runOnOwnNode(script)
}

/** @param {string} script */
function runOnOwnNode(script) {
  const child = spawn(projectNode(TREE), [join(TREE, script), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: KEEPS_COMPILED.has(script) ? { NODE_COMPILE_CACHE: join(TREE, '.cache', 'compiled'), ...process.env } : process.env,
  })
  // The IPC channel transfers no messages. The command stops when it closes, so it also stops if this process is killed.
  // A terminal sends Ctrl+C to both processes, another program sends a signal only to this one. The command ignores a repeated signal
  // that arrives shortly after the first.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  const watch = onOrphaned(() => child.kill('SIGTERM'))
  child.once('error', (error) =>
    fail(`The product's own Node could not be started: ${error.message}\nDelete node_modules and run the same command again.`),
  )
  child.once('exit', (code, signal) => {
    clearInterval(watch)
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal]
  })
}

/**
 * Calls `stop` when the parent process ends, if npm started this process. npm sends a signal only to the shell between the two, and that
 * shell ends without passing it on.
 *
 * @param {() => void} stop
 */
function onOrphaned(stop) {
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined
  return setInterval(() => {
    if (process.ppid !== parent) stop()
  }, 250)
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
