import { join } from 'node:path'

export type HomeHints = {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly userHome: string
}

const FOLDER = 'Propaganda Dashboard'

/**
 * Where the product keeps its files unless told otherwise: `PROPAGANDA_HOME`, else the place that the system gives to applications'
 * data. The same for every shell and the command line, so that all of them see the same workspaces.
 */
export function defaultHome({ platform, env, userHome }: HomeHints): string {
  const given = env.PROPAGANDA_HOME
  if (given !== undefined && given !== '') return given
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', FOLDER)
  if (platform === 'win32') return join(env.APPDATA ?? join(userHome, 'AppData', 'Roaming'), FOLDER)
  const data = env.XDG_DATA_HOME
  // The XDG specification has a relative path ignored.
  return join(data?.startsWith('/') === true ? data : join(userHome, '.local', 'share'), 'propaganda-dashboard')
}
