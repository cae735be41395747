import { _electron, expect, test } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasDisplay } from '../../loopback/app-window.ts'
import { electronBuild } from '../../scripts/building/builds.ts'
import { buildIfStale } from '../../scripts/building/stale-build.ts'
import { electronPlace, findElectron } from '../../scripts/start/electron-binary.ts'
import { TREE } from '../../scripts/tree.ts'

const program = findElectron(electronPlace(TREE))
test.skip(program === undefined, 'Electron’s program is not on this machine (node node_modules/electron/install.js fetches it)')
test.skip(!hasDisplay(process.platform, process.env), 'Electron needs a display, and there is none here')

const home = mkdtempSync(join(tmpdir(), 'propaganda-electron-'))
test.afterAll(() => rmSync(home, { recursive: true, force: true }))

test('the desktop window opens on app://, without Node, and reaches the application', async () => {
  await buildIfStale(electronBuild)
  const app = await _electron.launch({
    args: [TREE, `--home=${home}`],
    ...(program === undefined ? {} : { executablePath: program }),
  })
  const window = await app.firstWindow()
  const refused: string[] = []
  window.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  expect(new URL(window.url()).origin).toBe('app://propaganda')
  // The first screen is there only if the port to the application works.
  await expect(window.getByRole('heading').first()).toBeVisible()
  expect(await window.evaluate(() => [typeof globalThis.process, 'require' in globalThis])).toEqual(['undefined', false])
  await window.evaluate(() => void globalThis.open('https://example.org/'))
  expect(app.windows()).toHaveLength(1)
  expect(refused).toEqual([])
  await app.close()
})
