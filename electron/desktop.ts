import { app, BrowserWindow, dialog, ipcMain, Menu, session } from 'electron'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkerEntries } from '../app/default-workers.ts'
import { windowFolder } from '../app/workspace/home.ts'
import { compose, type Shell } from '../app/shell/compose.ts'
import type { FileLog } from '../app/shell/file-log.ts'
import { AppError } from '../core/errors.ts'
import { sentence } from '../core/messages/sentence.ts'
import { CONNECTION, isOwnWindow, offerApi } from './api-port.ts'
import { APP_ORIGIN, registerAppScheme, serveAppProtocol } from './app-protocol.ts'
import { LANGUAGE } from './channels.ts'
import { menuLabels, ShellLanguage } from './language.ts'
import { menuTemplate } from './menu.ts'
import { restrictContents, restrictSession, type ExternalHosts } from './policy.ts'
import { systemSecrets } from './safe-secrets.ts'
import { showReminders } from './reminders.ts'
import { syncFetch } from './sync-session.ts'
import { openWindow } from './window.ts'

/** `appId` of electron-builder.yml. */
const APP_ID = 'com.propaganda.dashboard'

const PRODUCT = 'Propaganda Dashboard'

/** Hosts that screens link to. */
const EXTERNAL_HOSTS: ExternalHosts = []

/** A window that crashes again within this time is not reloaded again, ms. */
const CRASH_PAUSE = 30_000

export type DesktopOptions = {
  readonly home: string
  readonly rendererRoot: string
  readonly preload: string
  readonly workers: WorkerEntries
}

/**
 * Starts the desktop application in Electron's main process. There is one process per home: a second one shows the window of the first and
 * ends.
 */
export function startDesktop(options: DesktopOptions): void {
  // Set the folder before the lock, because Electron locks this folder.
  const userData = windowFolder(options.home, 'desktop')
  app.setPath('userData', userData.path)
  if (userData.isTemporary) app.once('quit', () => rmSync(userData.path, { recursive: true, force: true }))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  // Windows shows the notifications of an application only under its id, which the installer registers.
  app.setAppUserModelId(APP_ID)
  app.enableSandbox()
  registerAppScheme()
  restrictContents(app, EXTERNAL_HOSTS)

  open(options).catch((error: unknown) => refuseToStart(error, languageOf(options.home)))
}

async function open({ home, rendererRoot, preload, workers }: DesktopOptions): Promise<void> {
  await app.whenReady()
  const devTools = !app.isPackaged
  restrictSession(session.defaultSession)
  const language = languageOf(home)
  const setMenu = () =>
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, devTools, menuLabels(language, PRODUCT))))
  setMenu()
  ipcMain.on(LANGUAGE, (event, chosen: unknown) => {
    if (isOwnWindow(event) && language.use(chosen)) setMenu()
  })
  const shell = compose({
    home,
    shell: 'desktop',
    version: app.getVersion(),
    workers,
    runsContinuously: true,
    remindersShownBy: 'system',
    fetch: syncFetch(),
    secrets: systemSecrets(home),
  })
  const { application, log } = shell
  quitSafely(shell)
  const { connection } = application.openConnection(CONNECTION)
  serveAppProtocol(session.defaultSession, rendererRoot, (token) => application.exportFiles.download(connection, token))
  offerApi(application, log.log)

  const show = () => {
    const [existing] = BrowserWindow.getAllWindows()
    if (existing === undefined)
      watchWindow(openWindow({ preload, statePath: join(home, 'desktop', 'window.json'), devTools }), log, language)
    else reveal(existing)
  }
  showReminders(application, show, (each) => language.textOf(each))
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  show()
}

/** Electron is ready, or has failed to start. */
function languageOf(home: string): ShellLanguage {
  return new ShellLanguage(join(home, 'desktop', 'language'), app.getLocale())
}

function refuseToStart(error: unknown, language: ShellLanguage): void {
  const reasons =
    error instanceof AppError
      ? [...error.said.happened, ...error.said.kept]
      : [{ message: error instanceof Error ? error.message : String(error) }]
  const reason = reasons.map((each) => language.textOf(each)).join(' ')
  dialog.showErrorBox(
    language.textOf(sentence('desktop.not-started', { product: PRODUCT })),
    `${reason}\n\n${language.textOf(sentence('desktop.start-again'))}`,
  )
  app.exit(1)
}

function reveal(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Delays quitting until everything is saved, because Electron itself does not wait. Then it quits again. */
function quitSafely(shell: Shell): void {
  let closing: 'no' | 'under way' | 'done' = 'no'
  const close = async () => {
    try {
      await shell.close()
    } catch (error) {
      shell.log.log({ level: 'error', event: 'desktop.close', error: error instanceof Error ? error.name : typeof error })
      await shell.log.flush()
    }
    closing = 'done'
    app.quit()
  }
  app.on('will-quit', (event) => {
    if (closing === 'done') return
    event.preventDefault()
    if (closing === 'no') void close()
    closing = 'under way'
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
}

function watchWindow(window: BrowserWindow, { log }: FileLog, language: ShellLanguage): void {
  let crashedAt = Number.NEGATIVE_INFINITY
  window.webContents.once('did-finish-load', () => process.stdout.write(`Propaganda Dashboard ready at ${APP_ORIGIN}/\n`))
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    log({ level: 'error', event: 'desktop.window-gone', reason })
    const again = performance.now() - crashedAt < CRASH_PAUSE
    crashedAt = performance.now()
    if (!again) window.webContents.reload()
    else dialog.showErrorBox(language.textOf(sentence('desktop.stopped-twice')), language.textOf(sentence('desktop.draft-kept')))
  })
}
