import { createInterface } from 'node:readline'
import { findChromium, hasDisplay } from '../../loopback/chromium.ts'
import type { LoopbackApp } from '../../loopback/main.ts'
import { rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { productVersion, TREE } from '../tree.ts'
import { loadLoopback } from './programs.ts'
import { reportReady, say } from './report.ts'
import { stopOnSignals } from './stop-signals.ts'

export type ServeOptions = {
  readonly home: string
  readonly port: number
  readonly open: boolean
}

/** Builds stale parts, starts the application behind the loopback server, prints its address, opens a window, and runs until a signal. */
export async function serveLoopback({ home, port, open }: ServeOptions): Promise<void> {
  await buildIfStale(rendererBuild, () => say('Building the window …'))
  const { startLoopbackApp } = await loadLoopback()
  const app = await startLoopbackApp({ home, port, rendererRoot: `${TREE}${rendererBuild.output}`, version: productVersion() })
  const end = stopOnSignals(() => app.close())
  const url = app.loopback.launchUrl()
  reportReady(url)
  if (open) await openWindow(app, url, home, () => end(0))
  offerNewAddresses(app)
}

async function openWindow(app: LoopbackApp, url: string, home: string, onClosed: () => void): Promise<void> {
  const byHand = 'Open the address above in a browser on this device; it works once.'
  if (!hasDisplay(process.platform, process.env)) return say(`There is no display here. ${byHand}`)
  const browser = findChromium()
  if (browser === undefined) return say(`No Chromium, Chrome or Edge was found. ${byHand}`)
  // Loaded here, because the packages that it needs take a tenth of a second.
  const { openAppWindow } = await import('../../loopback/app-window.ts')
  openAppWindow(browser, url, home, (outcome) => {
    if (outcome === 'failed') say(`${browser} could not open a window. ${byHand}`)
    // Closing the window ends the application, unless it is also open in another window.
    else if (app.loopback.windows() === 0) onClosed()
  })
}

function offerNewAddresses(app: LoopbackApp): void {
  if (!process.stdin.isTTY) return
  say('Press Enter for another address, or Ctrl+C to end.')
  createInterface({ input: process.stdin }).on('line', () => say(app.loopback.launchUrl()))
}
