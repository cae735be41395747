import { chromium, type Browser } from '@playwright/test'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../loopback/chromium.ts'
import { TREE } from '../scripts/tree.ts'
import { median, milliseconds, print, ratio } from './measure.ts'

const ROUNDS = 5
const READY = /ready at (\S+)/

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
  const painted = await page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0]
          if (entry !== undefined) resolve(performance.timeOrigin + entry.startTime)
        }).observe({ type: 'paint', buffered: true }),
      ),
  )
  if (usable !== undefined) await page.getByLabel(usable).first().waitFor()
  const done = performance.timeOrigin + performance.now()
  await page.close()
  return { painted: painted - begin, usable: done - begin }
}

async function startOnce(browser: Browser, home: string): Promise<Painted> {
  const begin = performance.timeOrigin + performance.now()
  const child = spawn(
    process.execPath,
    [join(TREE, 'scripts/run.mjs'), 'start', '--shell=loopback', '--no-open', `--home=${home}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const found = READY.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('exit', (code) => reject(new Error(`The application ended (${code}) before it was ready`)))
    })
    const ready = performance.timeOrigin + performance.now() - begin
    return { ready, ...(await firstPaint(browser, url, begin, 'Client name')) }
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

/** Measures the floor: Node starts and serves one static page, and the browser paints it. */
async function floorOnce(browser: Browser): Promise<number> {
  const begin = performance.timeOrigin + performance.now()
  await new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve))
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>Painted</p>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { painted } = await firstPaint(browser, `http://127.0.0.1:${port}/`, begin)
  server.close()
  server.closeAllConnections()
  return painted
}

/** Measures the time from the command to the first paint. The build is complete and the browser is already open. */
export async function benchColdStart(): Promise<void> {
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath === undefined ? {} : { executablePath }) })
  const home = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const starts: Painted[] = []
  const floors: number[] = []
  // The first start builds what is stale and is not counted.
  await startOnce(browser, home)
  for (let round = 0; round < ROUNDS; round++) {
    starts.push(await startOnce(browser, home))
    floors.push(await floorOnce(browser))
  }
  await browser.close()
  rmSync(home, { recursive: true, force: true })
  const floor = median(floors)
  const middle = (key: keyof Painted) => median(starts.map((start) => start[key]))
  print(`Cold start, median of ${ROUNDS}`, [
    { what: 'command to "ready"', value: milliseconds(middle('ready')) },
    {
      what: 'command to first paint',
      value: milliseconds(middle('painted')),
      floor: milliseconds(floor),
      ratio: ratio(middle('painted'), floor),
    },
    { what: 'command to a form to type in', value: milliseconds(middle('usable')) },
    { what: 'Node and a static page painted', value: milliseconds(floor) },
  ])
}
