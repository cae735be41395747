import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultHome } from '../app/shell/default-home.ts'
import { startDesktop } from './desktop.ts'

// The paths are those of the bundle in dist/electron, which vite.config.ts makes.
const beside = (path: string) => new URL(path, import.meta.url)

// Electron and the system add arguments of their own.
const { values } = parseArgs({ args: process.argv.slice(1), options: { home: { type: 'string' } }, strict: false })

startDesktop({
  home:
    typeof values.home === 'string' && values.home !== ''
      ? values.home
      : defaultHome({ platform: process.platform, env: process.env, userHome: homedir() }),
  rendererRoot: fileURLToPath(beside('../renderer')),
  preload: fileURLToPath(beside('./preload.cjs')),
  workers: {
    database: beside('./workers/database.cjs'),
    passwords: beside('./workers/passwords.cjs'),
    imports: beside('./workers/imports.cjs'),
  },
})
