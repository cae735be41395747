import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openAppWindow } from '../../loopback/app-window.ts'
import { findChromium, hasDisplay } from '../../loopback/chromium.ts'
import { rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { DEMO_GREETING, DemoTeam, type DemoDevice } from '../start/demo-team.ts'
import { parseStartOptions, UsageError } from '../start/options.ts'
import { reportReady, say } from '../start/report.ts'
import { stopOnSignals } from '../start/stop-signals.ts'

const USAGE = `npm run demo -- [options]

Starts a sync server and two devices, one of an agent and one of a team lead, each with its own window.

  --no-open    open no windows; only print their addresses
  --port=N     port of the agent's window; the team lead's window has the next one. Default: free ports
  --home=DIR   keep the demo there; a folder that is removed at the end by default`

const BY_HAND = 'Open the addresses above in a browser on this device; each works once.'

async function demo(given: string | undefined, port: number, open: boolean): Promise<void> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'propaganda-demo-'))
  const team = new DemoTeam(folder, say)
  let isEnding = false
  const end = stopOnSignals(async () => {
    isEnding = true
    await team.close()
    if (given === undefined) rmSync(folder, { recursive: true, force: true })
  })
  try {
    await buildIfStale(rendererBuild, () => say('Building the window …'))
    const devices = await team.start(port)
    for (const { url, who } of devices) reportReady(url, who)
    say(DEMO_GREETING)
    if (open) openWindows(devices, () => end(0))
    listenToKeys(team, devices)
  } catch (error) {
    // Work that was running when the stop was requested fails with an error, which is ignored.
    if (isEnding) return
    say(error instanceof Error ? error.message : String(error))
    end(1)
  }
}

function openWindows(devices: readonly DemoDevice[], onAllClosed: () => void): void {
  if (!hasDisplay(process.platform, process.env)) return say(`There is no display here. ${BY_HAND}`)
  const browser = findChromium()
  if (browser === undefined) return say(`No Chromium, Chrome or Edge was found. ${BY_HAND}`)
  for (const { url, home } of devices)
    openAppWindow(browser, url, home, (outcome) => {
      if (outcome === 'failed') say(`${browser} could not open a window. ${BY_HAND}`)
      else if (devices.every(({ app }) => app.loopback.windows() === 0)) onAllClosed()
    })
}

function listenToKeys(team: DemoTeam, devices: readonly DemoDevice[]): void {
  if (!process.stdin.isTTY) return
  say('Type s and Enter to stop or restart the server, Enter for new addresses, Ctrl+C to end.')
  let last: Promise<void> = Promise.resolve()
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === 's') last = last.then(() => toggleServer(team))
    else for (const { who, app } of devices) say(`${who}: ${app.loopback.launchUrl()}`)
  })
}

async function toggleServer(team: DemoTeam): Promise<void> {
  if (team.isServerUp) {
    await team.stopServer()
    say('The server is stopped. New calls stay on their device until it runs again.')
  } else {
    await team.startServer()
    say('The server is running again.')
  }
}

try {
  const { home, port, open, help } = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd())
  if (help) process.stdout.write(`${USAGE}\n`)
  else await demo(home, port, open)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  say(`${error.message}\n\n${USAGE}`)
  process.exitCode = 2
}
