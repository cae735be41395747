import { z } from 'zod'
import { parsedJson } from '../parsed-json.ts'
import { idSchema, isId, type Id } from '../id.ts'
import { requiredText } from './common.ts'
import { MAX_USER_SETTING_KEY } from './user-settings.ts'

/*
 * Preferences that a person sets for themselves: the keys of actions, and templates for notes. Each action and each template is one row of
 * `user_settings`, under the key `key:ACTION` or `note_template:ID`. So changes of different actions and templates on two devices merge.
 */

const KEY_PREFIX = 'key:'
const TEMPLATE_PREFIX = 'note_template:'

/** The maximum number of a person's templates. A longer list is hard to read. */
export const MOST_NOTE_TEMPLATES = 100
/** The maximum number of actions with own keys in one request. The window has fewer than 100 actions. */
const MOST_ACTIONS = 200
const MOST_KEYS_OF_ACTION = 4

/** The id of an action of the window, such as `call.new`. The window has the table of actions; another release may have others. */
const actionIdSchema = z
  .string()
  .max(MAX_USER_SETTING_KEY - KEY_PREFIX.length)
  .regex(/^[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*$/, 'Not the id of an action')

/** The name of a key, such as `ctrl+shift+l`; of two keys one after the other, such as `g c`. */
const keyNameSchema = z
  .string()
  .max(40)
  .regex(/^[^\s\p{Cc}]+(?: [^\s\p{Cc}]+)?$/u, 'Not the name of a key')

const keysOfActionSchema = z.array(keyNameSchema).max(MOST_KEYS_OF_ACTION)

export const noteTemplateSchema = z.object({
  id: idSchema,
  name: requiredText(80, 'A name'),
  text: requiredText(10_000, 'A text'),
  /** The place in the list, which the person chooses; absent: the first. Templates with the same place are sorted by name. */
  position: z.int().min(0).max(10_000).optional(),
})
export type NoteTemplate = z.infer<typeof noteTemplateSchema>

/** The value of a template's row. Other members are kept: a newer release may have written them. */
const storedTemplateSchema = z.looseObject(noteTemplateSchema.omit({ id: true }).shape)
export type StoredTemplate = z.infer<typeof storedTemplateSchema>

export const preferencesSchema = z.object({
  /** The person's own keys by action; an empty list: the action has no key. An action that is absent has its default keys. */
  keys: z.record(z.string(), z.array(z.string())),
  /** Sorted by position, then by name. */
  note_templates: z.array(noteTemplateSchema),
})
export type Preferences = z.infer<typeof preferencesSchema>

/** Changes only the given actions and templates. Null: the action has its default keys again, or the template is removed. */
export const preferencesPatchSchema = z.object({
  keys: z
    .record(actionIdSchema, keysOfActionSchema.nullable())
    .refine((keys) => Object.keys(keys).length <= MOST_ACTIONS, 'Too many actions')
    .optional(),
  note_templates: z
    .record(idSchema, noteTemplateSchema.omit({ id: true }).nullable())
    .refine((templates) => Object.keys(templates).length <= MOST_NOTE_TEMPLATES, 'Too many templates')
    .optional(),
})

export function actionSettingKey(action: string): string {
  return `${KEY_PREFIX}${action}`
}

export function templateSettingKey(id: Id): string {
  return `${TEMPLATE_PREFIX}${id}`
}

type FoundPreference =
  | { readonly kind: 'keys'; readonly action: string; readonly keys: readonly string[] }
  | { readonly kind: 'template'; readonly id: Id; readonly stored: StoredTemplate }

/** Returns the preference in a row of `user_settings`; undefined if it was removed, is another setting, or this release cannot read it. */
export function readPreference(key: string, json: string): FoundPreference | undefined {
  if (key.startsWith(KEY_PREFIX)) {
    const keys = keysOfActionSchema.safeParse(parsedJson(json))
    return keys.success ? { kind: 'keys', action: key.slice(KEY_PREFIX.length), keys: keys.data } : undefined
  }
  const id = key.startsWith(TEMPLATE_PREFIX) ? key.slice(TEMPLATE_PREFIX.length) : ''
  const stored = isId(id) ? storedTemplateSchema.safeParse(parsedJson(json)) : undefined
  return isId(id) && stored?.success === true ? { kind: 'template', id, stored: stored.data } : undefined
}
