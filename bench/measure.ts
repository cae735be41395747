import { monitorEventLoopDelay } from 'node:perf_hooks'
/** Returns the time that `run` takes, ms. */
export async function time<T>(run: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const begin = performance.now()
  const value = await run()
  return { ms: performance.now() - begin, value }
}

/** Returns the quantile `q` of `samples` (nearest rank). */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

export type Row = {
  readonly what: string
  readonly value: string
  readonly floor?: string
  readonly ratio?: string
  readonly target?: string
}

export function milliseconds(ms: number): string {
  return ms >= 100 ? `${ms.toFixed(0)} ms` : ms >= 1 ? `${ms.toFixed(2)} ms` : `${(ms * 1000).toFixed(0)} µs`
}

export function ratio(ms: number, floor: number): string {
  return `${(ms / floor).toFixed(2)}×`
}

/** Prints rows as a Markdown table, so that they can be pasted into the docs. */
export function print(title: string, rows: readonly Row[]): void {
  const cells = rows.map((row) => [row.what, row.value, row.floor ?? '', row.ratio ?? '', row.target ?? ''])
  const lines = [['what', 'measured', 'floor', 'ratio', 'target'], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const spell = (line: readonly string[]) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines
  process.stdout.write(
    `\n## ${title}\n\n${[spell(head), spell(widths.map((width) => '-'.repeat(width))), ...body.map(spell)].join('\n')}\n`,
  )
}

/** Returns the 99th percentile by which the main thread is late while each of `works` is repeated for `ms`, ms. */
export async function loopDelay(ms: number, ...works: readonly (() => Promise<unknown>)[]): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const until = performance.now() + ms
  const repeat = async (work: () => Promise<unknown>) => {
    while (performance.now() < until) await work()
  }
  await Promise.all(works.map(repeat))
  delay.disable()
  return delay.percentile(99) / 1_000_000
}
