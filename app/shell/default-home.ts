import { join } from 'node:path'

export type HomeHints = {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly userHome: string
}

const FOLDER = 'Propaganda Dashboard'

/**
 * Returns the default home: `PROPAGANDA_HOME`, else the folder of the system for application data. All shells use it, so that they have the
 * same workspaces.
 */
export function defaultHome({ platform, env, userHome }: HomeHints): string {
  const given = env.PROPAGANDA_HOME
  if (given !== undefined && given !== '') return given
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', FOLDER)
  if (platform === 'win32') return join(env.APPDATA ?? join(userHome, 'AppData', 'Roaming'), FOLDER)
  const data = env.XDG_DATA_HOME
  // By the XDG specification, a relative path is ignored.
  return join(data?.startsWith('/') === true ? data : join(userHome, '.local', 'share'), 'propaganda-dashboard')
}
