// Runs the desktop shell's bundle from a package with a stand-in for Electron: node run-bundle.ts MAIN HOME
// Signs a person in and logs a call through the window's port, so that every thread and the database driver are loaded.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { once } from 'node:events'
import { createRequire, registerHooks } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../../core/contract/contract.ts'

const [main = '', home = ''] = process.argv.slice(2)
const standInUrl = new URL('../../electron/testing/electron-stand-in.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standInUrl, shortCircuit: true, format: 'module-typescript' } : next(specifier, context),
})
const electron = await import('../../electron/testing/electron-stand-in.ts')

// Exits like Electron. The stand-in's ports do not keep the process alive.
setInterval(() => {}, 60_000)

process.argv.splice(2, Infinity, `--home=${home}`)
createRequire(import.meta.url)(main)
electron.app.becomeReady()
while (electron.BrowserWindow.all.length === 0 && electron.app.exitCode === undefined) await sleep(20)
const [window] = electron.BrowserWindow.all
if (window === undefined) throw new Error(`No window: ${electron.errorBoxes.join()}`)

electron.ipcMain.emit('propaganda:connect', { sender: window.webContents, senderFrame: window.webContents.mainFrame })
const port = window.webContents.posted[0]?.ports[0]
if (port === undefined) throw new Error('No port')
port.start()
const api = createORPCClient<Api>(new RPCLink({ port }))
const session = await api.workspace.create({
  clientName: 'Acme',
  timeZone: 'UTC',
  adminName: 'Ada',
  adminEmail: 'ada@acme.test',
  adminPassword: 'correct horse battery',
})
const page = (await electron.session.defaultSession.handlers['protocol app']?.(
  ...([new Request('app://propaganda/')] as unknown as never[]),
)) as Response
const inspected = await api.imports.inspect({ file: new File(['Agent,Date\nBen,2026-01-02\n'], 'calls.csv') })
/** Exports the report and returns the first bytes of the file that the window saves. */
async function exported(format: 'pdf' | 'xlsx'): Promise<string> {
  const range = { from: Date.now() - 86_400_000, to: Date.now() }
  const { download } = await api.reports.file({ range, format, locale: 'en' })
  const request = new Request(`app://propaganda${download}`)
  const answer = (await electron.session.defaultSession.handlers['protocol app']?.(
    ...([request] as unknown as never[]),
  )) as Response
  return Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 5)
}
const result = {
  user: session.user.email,
  page: page.status,
  rows: inspected.rowCount,
  pdf: await exported('pdf'),
  xlsx: await exported('xlsx'),
  preload: (window.options.webPreferences as { preload: string }).preload,
}
const ended = once(electron.app, 'quit')
electron.app.quit()
await ended
console.log(JSON.stringify(result))
process.exit(0)
