import { relative } from 'node:path'
import type { SerializedError, UserConsoleLog } from 'vitest'
import type { Reporter, TestModule, TestSpecification } from 'vitest/node'
import { TREE } from '../tree.ts'

/** The longest time without a line, ms. A long test file prints nothing for minutes, so a line shows that the run continues. */
const HEARTBEAT_MS = 20_000

/** Prints a line for each finished test file, and the names of test files that take long while they run. */
export default class VitestProgress implements Reporter {
  readonly #running = new Map<string, number>()
  #files = 0
  #done = 0
  #tests = 0
  #startedAt = 0
  #printedAt = 0
  #heartbeat: NodeJS.Timeout | undefined

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length
    this.#startedAt = Date.now()
    this.#heartbeat = setInterval(() => this.#printRunning(), 1_000)
    this.#heartbeat.unref()
  }

  onTestModuleStart({ moduleId }: TestModule): void {
    this.#running.set(moduleId, Date.now())
  }

  onTestModuleEnd(module: TestModule): void {
    const started = this.#running.get(module.moduleId) ?? Date.now()
    this.#running.delete(module.moduleId)
    this.#done++
    const results = [...module.children.allTests()].map((test) => test.result().state)
    this.#tests += results.length
    const failed = results.filter((state) => state === 'failed').length
    const isBroken = failed > 0 || module.state() === 'failed'
    const count = failed > 0 ? `${failed} of ${results.length} failed` : `${results.length} tests`
    this.#print(`${isBroken ? '✗' : '✓'} ${nameOf(module.moduleId)} (${count}, ${seconds(started)} s)`)
    for (const error of module.errors()) print(errorText(error))
    for (const suite of module.children.allSuites())
      for (const error of suite.errors()) print(`✗ ${suite.fullName}\n${errorText(error)}`)
    for (const test of module.children.allTests('failed'))
      for (const error of test.result().errors ?? []) print(`✗ ${test.fullName}\n${errorText(error)}`)
  }

  /** The output of the tests themselves: seeds, counts, figures. */
  onUserConsoleLog({ content }: UserConsoleLog): void {
    print(content.trimEnd())
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    clearInterval(this.#heartbeat)
    for (const error of unhandled) print(`✗ an error outside of any test\n${errorText(error)}`)
  }

  #printRunning(): void {
    if (Date.now() - this.#printedAt < HEARTBEAT_MS || this.#running.size === 0) return
    const running = [...this.#running].map(([id, since]) => `${nameOf(id)} (${seconds(since)} s)`)
    this.#print(`… running: ${running.join(', ')}`)
  }

  #print(line: string): void {
    this.#printedAt = Date.now()
    console.log(`[${this.#done}/${this.#files} files, ${this.#tests} tests, ${seconds(this.#startedAt)} s] ${line}`)
  }
}

/** Returns the message, the difference and the place of an error, indented under the file's line. */
function errorText({ message, diff, stack }: { message: string; diff?: string | undefined; stack?: string | undefined }): string {
  return [message, diff, stack?.split('\n').slice(1, 8).join('\n')].filter((part) => part !== undefined && part !== '').join('\n')
}

function print(text: string): void {
  console.log(text.replaceAll(/^/gm, '    '))
}

function nameOf(moduleId: string): string {
  return relative(TREE, moduleId)
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1_000).toFixed(0)
}
