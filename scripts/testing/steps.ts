import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TREE } from '../tree.ts'
import type { Outcome } from './outcome.ts'
import { SUMMARY_VARIABLE } from './summary-file.ts'

export type Step = {
  readonly name: string
  /** The path of the program's JavaScript in node_modules. */
  readonly program: string
  readonly args: readonly string[]
  /** Whether it writes a summary. Otherwise it passes or fails as a whole. */
  readonly counts: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** The longest time without output while a command waits for its steps, ms. */
const HEARTBEAT_MS = 15_000

const VITEST = 'vitest/vitest.mjs'
const VITEST_ARGS = ['--reporter=./scripts/testing/vitest-summary.ts', '--allowOnly=false']

/** The compiler and the linter are written in Go, which collects garbage less often with more memory. */
const FEW_COLLECTIONS = { GOGC: '400', GOMEMLIMIT: '3GiB' }

export const FORMAT: Step = { name: 'format', program: 'oxfmt/bin/oxfmt', args: ['--check'], counts: false }
export const LINT: Step = { name: 'lint', program: 'oxlint/bin/oxlint', args: [], counts: false, env: FEW_COLLECTIONS }
/** Several threads would each resolve the types that they share, which takes more than twice the processor time. */
export const TYPES: Step = {
  name: 'types',
  program: 'typescript/bin/tsc',
  args: ['-b', '--singleThreaded'],
  counts: false,
  env: FEW_COLLECTIONS,
}
export const UNUSED: Step = { name: 'unused code', program: 'knip/bin/knip.js', args: ['--no-progress'], counts: false }
export const UNIT: Step = {
  name: 'unit tests',
  program: VITEST,
  args: ['run', '--project=unit', '--maxWorkers=100%', '--reporter=default', ...VITEST_ARGS],
  counts: true,
}
/** These tests wait for a third of their time, for timers, disks and processes. So three files keep two cores busy. */
export const INTEGRATION: Step = {
  name: 'integration tests',
  program: VITEST,
  args: ['run', '--project=integration', '--maxWorkers=3', '--reporter=./scripts/testing/vitest-progress.ts', ...VITEST_ARGS],
  counts: true,
}
export const END_TO_END: Step = { name: 'end-to-end tests', program: '@playwright/test/cli.js', args: ['test'], counts: true }

/** Runs a single step and prints its output immediately. */
export async function runLive(step: Step): Promise<Outcome> {
  process.stdout.write(`▶ ${step.name}\n`)
  return runStep(step, (chunk) => process.stdout.write(chunk))
}

/**
 * Runs a step.
 * @param live receives the step's output immediately. Without it the output is printed at the end, under the step's name, so that the
 * output of parallel steps is not mixed.
 */
async function runStep(step: Step, live?: (chunk: Buffer) => void): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-step-'))
  const summary = join(folder, 'summary.json')
  const begun = Date.now()
  try {
    let output = ''
    const code = await run(step, summary, live ?? ((chunk) => (output += chunk.toString())))
    const outcome = judge(step, code, summary)
    const verdict = outcome.failed.length === 0 ? '✓' : '✗'
    process.stdout.write(`${verdict} ${step.name} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n`)
    if (live === undefined && (step.counts || outcome.failed.length > 0)) process.stdout.write(`${output.trimEnd()}\n\n`)
    return outcome
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function judge({ name, counts }: Step, code: number | null, summary: string): Outcome {
  if (!counts) return code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: [name], skipped: [] }
  if (!existsSync(summary))
    return { passed: 0, failed: [`${name} (ended with ${code} before it wrote its summary)`], skipped: [] }
  const outcome = JSON.parse(readFileSync(summary, 'utf8')) as Outcome
  // A runner that failed without a failed test still counts as a failure.
  if (code !== 0 && outcome.failed.length === 0) return { ...outcome, failed: [`${name} (ended with ${code})`] }
  return outcome
}

function run({ program, args, env }: Step, summary: string, take: (chunk: Buffer) => void): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(TREE, 'node_modules', program), ...args], {
      cwd: TREE,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, [SUMMARY_VARIABLE]: summary },
    })
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', reject)
    child.once('close', resolve)
  })
}

/** Runs steps in their order, `atOnce` of them in parallel. */
export async function runSteps(steps: readonly Step[], atOnce: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = steps.entries()
  const running = new Set<string>()
  const worker = async () => {
    for (const [index, step] of waiting) {
      running.add(step.name)
      outcomes[index] = await runStep(step)
      running.delete(step.name)
    }
  }
  process.stdout.write(`▶ ${steps.map(({ name }) => name).join(', ')}\n`)
  const heartbeat = setInterval(() => process.stdout.write(`  … running: ${[...running].join(', ')}\n`), HEARTBEAT_MS)
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
  } finally {
    clearInterval(heartbeat)
  }
  return outcomes
}
