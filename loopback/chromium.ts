import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

type Where = {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly isExecutable: (path: string) => boolean
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable']

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome for Testing']

const WINDOWS_PATHS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

const here: Where = {
  platform: process.platform,
  env: process.env,
  isExecutable: (path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  },
}

/** Returns the usual paths of Chromium, Chrome and Edge, the most likely first. */
function candidates({ platform, env }: Where): string[] {
  if (platform === 'darwin') return MAC_APPS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined)
    return roots.flatMap((root) => WINDOWS_PATHS.map((path) => `${root}\\${path}`))
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']
  return folders.filter((folder) => folder !== '').flatMap((folder) => NAMES.map((name) => join(folder, name)))
}

/** Returns the path of Chromium, Chrome or Edge on this machine, or of `CHROMIUM_PATH` if it is set; undefined if there is none. */
export function findChromium(where: Where = here): string | undefined {
  const named = where.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return where.isExecutable(named) ? named : undefined
  return candidates(where).find(where.isExecutable)
}

/** Returns whether the machine has a display for a window. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return [env.DISPLAY, env.WAYLAND_DISPLAY].some((display) => display !== undefined && display !== '')
}
