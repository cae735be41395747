import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultHome } from '../app/shell/default-home.ts'
import { startDesktop } from './desktop.ts'

// The paths are relative to the bundle in dist/electron.
const nextToBundle = (path: string) => new URL(path, import.meta.url)

// Not strict, because Electron and the system add their own arguments.
const { values } = parseArgs({ args: process.argv.slice(1), options: { home: { type: 'string' } }, strict: false })

startDesktop({
  home:
    typeof values.home === 'string' && values.home !== ''
      ? values.home
      : defaultHome({ platform: process.platform, env: process.env, userHome: homedir() }),
  rendererRoot: fileURLToPath(nextToBundle('../renderer')),
  preload: fileURLToPath(nextToBundle('./preload.cjs')),
  workers: {
    database: nextToBundle('./workers/database.cjs'),
    passwords: nextToBundle('./workers/passwords.cjs'),
    imports: nextToBundle('./workers/imports.cjs'),
    exports: nextToBundle('./workers/exports.cjs'),
    reports: nextToBundle('./workers/reports.cjs'),
  },
})
