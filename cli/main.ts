import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { homedir } from 'node:os'
import { defaultWorkers } from '../app/default-workers.ts'
import { compose } from '../app/shell/compose.ts'
import { defaultHome } from '../app/shell/default-home.ts'
import { must } from '../core/assert.ts'
import { EXIT } from './terminal/exit-codes.ts'
import type { CliIo } from './terminal/io.ts'
import { runCli } from './program.ts'
import { secretSource } from './terminal/terminal.ts'

/** npm repeats the terminal's Ctrl+C. Only a second one that comes later than this ends the process, ms. */
const ECHO_MS = 1_000

const manifest = must(findPackageJSON(import.meta.url), "the product's package.json")
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

function open(home: string): ReturnType<CliIo['open']> {
  const { application, log, close } = compose({ home, shell: 'cli', version, runsContinuously: false, workers: defaultWorkers })
  return { application, logPath: log.path, close }
}

function onInterrupt(listener: () => void): () => void {
  let first: number | undefined
  const onSignal = () => {
    const now = performance.now()
    if (first !== undefined && now - first > ECHO_MS) process.exit(EXIT.interrupted)
    if (first === undefined) listener()
    first ??= now
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    // The listeners stay after a Ctrl+C: npm's repetition may still come and must not end the process with another exit code.
    if (first !== undefined) return
    for (const signal of signals) process.off(signal, onSignal)
  }
}

/** A closed pipe (`| head`) ends the process without an error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.ok)
})

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  stdin: secretSource(process.stdin),
  stdout: { write: (text) => void process.stdout.write(text), isTTY: process.stdout.isTTY },
  stderr: { write: (text) => void process.stderr.write(text), isTTY: process.stderr.isTTY },
  clock: Date.now,
  defaultHome: defaultHome({ platform: process.platform, env: process.env, userHome: homedir() }),
  version,
  open,
  onInterrupt,
})
