import { chromium, type Browser, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../loopback/chromium.ts'
import { TREE } from '../scripts/tree.ts'
import { median, milliseconds, print, ratio, type Row } from './measure.ts'
import { makeReportHome } from './report-home.ts'

const ROUNDS = 5
const CALLS = Number(process.env.BENCH_COLD_START_CALLS ?? '1000000')
const READY = /ready at (\S+)/

/** Opens the browser that the product uses. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  return chromium.launch({ args: ['--no-sandbox'], ...(executablePath === undefined ? {} : { executablePath }) })
}

/** Returns the time of the first contentful paint of the page's document, ms since 1970. */
export function paintedAt(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0]
          if (entry !== undefined) resolve(performance.timeOrigin + entry.startTime)
        }).observe({ type: 'paint', buffered: true }),
      ),
  )
}

/** Starts the product on a home without opening its window, as a process of its own. `url` opens the window once. */
export async function startProduct(home: string): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const command = [join(TREE, 'scripts/run.mjs'), 'start', '--shell=loopback', '--no-open', `--home=${home}`]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = READY.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The application ended (${code}) before it was ready`)))
  })
  return { url, stop }
}

type Painted = { readonly ready: number; readonly painted: number; readonly usable: number }

/** Returns the time from `begin` to the first contentful paint of a new page, ms. */
async function firstPaint(
  browser: Browser,
  url: string,
  begin: number,
  usable?: string,
): Promise<{ painted: number; usable: number }> {
  const page = await browser.newPage()
  await page.goto(url)
  // The page at a launch address opens the window automatically.
  await page.waitForURL(({ pathname }) => pathname === '/')
  const painted = await paintedAt(page)
  if (usable !== undefined) await page.getByLabel(usable).first().waitFor()
  const done = performance.timeOrigin + performance.now()
  await page.close()
  return { painted: painted - begin, usable: done - begin }
}

/** @param usable the label of a field of the first form */
async function startOnce(browser: Browser, home: string, usable: string): Promise<Painted> {
  const begin = performance.timeOrigin + performance.now()
  const { url, stop } = await startProduct(home)
  try {
    const ready = performance.timeOrigin + performance.now() - begin
    return { ready, ...(await firstPaint(browser, url, begin, usable)) }
  } finally {
    await stop()
  }
}

/** Measures the floor: the browser paints one static page, after `prepare`. Returns ms. */
export async function staticPage(browser: Browser, prepare: () => Promise<unknown> = async () => {}): Promise<number> {
  const begin = performance.timeOrigin + performance.now()
  await prepare()
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>Painted</p>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { painted } = await firstPaint(browser, `http://127.0.0.1:${port}/`, begin)
  server.close()
  server.closeAllConnections()
  return painted
}

const startNode = () => new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve))

/**
 * Measures the time from the command to the first paint and to the first form, on an empty home and on one with many calls. The build is complete
 * and the browser is already open.
 */
export async function benchColdStart(): Promise<void> {
  const browser = await openBrowser()
  const empty = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  await benchHome(browser, 'an empty home', empty, 'Client name')
  rmSync(empty, { recursive: true, force: true })
  if (CALLS > 0) {
    const { folder } = await makeReportHome(CALLS)
    await benchHome(browser, `${CALLS.toLocaleString('en')} calls`, join(folder, 'home'), 'E-mail')
    rmSync(folder, { recursive: true, force: true })
  }
  await browser.close()
}

async function benchHome(browser: Browser, what: string, home: string, usable: string): Promise<void> {
  const starts: Painted[] = []
  const floors: number[] = []
  // The first start builds what is stale and is not counted.
  await startOnce(browser, home, usable)
  for (let round = 0; round < ROUNDS; round++) {
    starts.push(await startOnce(browser, home, usable))
    floors.push(await staticPage(browser, startNode))
  }
  const floor = median(floors)
  const row = (name: string, key: keyof Painted, target = ''): Row => {
    const value = median(starts.map((start) => start[key]))
    return { what: name, value: milliseconds(value), floor: milliseconds(floor), ratio: ratio(value, floor), target }
  }
  print(`Cold start on ${what}, median of ${ROUNDS}; floor: Node and a static page painted`, [
    row('command to "ready"', 'ready'),
    row('command to first paint', 'painted', '≤ 0.7 s'),
    row('command to a form to type in', 'usable', '≤ 1.0 s'),
  ])
}
