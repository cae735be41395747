/** Result of one check. It contains no data of a client. */
export type Check = {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do; null if nothing is wrong. */
  readonly remedy: string | null
}

export const REMEDY = {
  fix: 'Run “doctor --fix”.',
  space: 'Free some space on this disk and run “doctor” again.',
  backup: 'Keep the file, and restore a backup next to it.',
  ask: 'Keep the file, and contact your administrator.',
} as const

export function sound(name: string, detail: string): Check {
  return { name, ok: true, detail, remedy: null }
}

export function finding(name: string, detail: string, remedy: string): Check {
  return { name, ok: false, detail, remedy }
}
