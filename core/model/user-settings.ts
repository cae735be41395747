import { isId, type UserId } from '../id.ts'

/*
 * Settings of one person, such as their saved views. Each is one row of `user_settings`, with its value as JSON. A removed setting has the
 * value null: rows of settings are never deleted, so that a removal merges like any other edit.
 */

/** Lower-case words and ids, joined by colons, dots and hyphens. A newer release may have other keys. */
const KEY = /^[a-z][a-z0-9_]*(?:[.:-][a-z0-9_]+)*$/
export const MAX_USER_SETTING_KEY = 60

export function isUserSettingKey(key: string): boolean {
  return key.length <= MAX_USER_SETTING_KEY && KEY.test(key)
}

const ID_LENGTH = 36

/** Returns the id of the row of a person's setting. It is the same on all devices of the person, so they write the same row. */
export function userSettingId(userId: UserId, key: string): string {
  return `${userId}:${key}`
}

/** Returns the parts of a row's id; null if it is not one. */
export function parseUserSettingId(id: string): { readonly userId: UserId; readonly key: string } | null {
  const [userId, key] = [id.slice(0, ID_LENGTH), id.slice(ID_LENGTH + 1)]
  return isId(userId) && id[ID_LENGTH] === ':' && isUserSettingKey(key) ? { userId, key } : null
}
