import type { UserId } from '../../core/id.ts'
import { used } from './palette-items.ts'

/*
 * The lines of the palette that a person used recently, on this device. They name actions and settings, never a call or a prospect. A
 * browser may refuse access to its storage: then nothing is remembered.
 */

const keyOf = (userId: UserId) => `propaganda-palette:${userId}`

export function recentActions(userId: UserId): readonly string[] {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(keyOf(userId)) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

export function rememberAction(userId: UserId, id: string): void {
  try {
    window.localStorage.setItem(keyOf(userId), JSON.stringify(used(recentActions(userId), id)))
  } catch {
    // Nothing is remembered.
  }
}
