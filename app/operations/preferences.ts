import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { actionSettingKey, MOST_NOTE_TEMPLATES, templateSettingKey, type Preferences } from '../../core/model/preferences.ts'
import { compareNames } from '../../core/text/name-key.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { putUserSetting } from '../../db/commands/settings.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { getUserSetting, readPreferences } from '../../db/queries/user-settings.ts'
import { command, query, type MemberContext } from '../declaration/operation.ts'

function preferencesOf({ db, actor }: MemberContext<ReadableDb>): Preferences {
  const { keys, templates } = readPreferences(db, actor.clientId, actor.userId)
  return {
    keys: Object.fromEntries([...keys].map(([action, own]) => [action, [...own]])),
    note_templates: [...templates]
      .map(([id, { name, text, position }]) => ({ id, name, text, ...(position !== undefined && { position }) }))
      .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0) || compareNames(a.name, b.name) || (a.id < b.id ? -1 : 1)),
  }
}

/** Saves a setting. A removal of a setting that does not exist leaves no row. */
function put({ db, actor }: MemberContext<WritableDb>, key: string, value: unknown): void {
  if (value === null && getUserSetting(db, actor.clientId, actor.userId, key) === undefined) return
  putUserSetting(db, actor.clientId, actor.userId, key, value)
}

/** @throws AppError CONFLICT if a new name is taken, or if there are too many templates. The transaction then saves nothing. */
function requireTemplates(context: MemberContext<WritableDb>, changed: ReadonlySet<string>): void {
  const { note_templates: templates } = preferencesOf(context)
  if (templates.length > MOST_NOTE_TEMPLATES)
    throw new AppError('CONFLICT', sentence('templates.full', { most: MOST_NOTE_TEMPLATES }), { field: 'name' })
  // Two devices may have given two templates one name. Only a change of one of them is refused.
  const isTaken = templates.some(
    (one) =>
      changed.has(one.id) && templates.some((other) => other.id !== one.id && uniqueKey(other.name) === uniqueKey(one.name)),
  )
  if (isTaken)
    throw new AppError('CONFLICT', sentence('taken.template-name'), {
      field: 'name',
    })
}

export const preferencesOperations = {
  'preferences.get': query({ access: 'member', thread: 'list', run: preferencesOf }),
  'preferences.set': command({
    access: 'member',
    changes: ['user_settings', 'audit_logs'],
    run: (context, { keys = {}, note_templates: templates = {} }: ProcedureInput<'preferences.set'>) => {
      const { db, actor } = context
      const stored = readPreferences(db, actor.clientId, actor.userId).templates
      for (const [action, own] of Object.entries(keys)) put(context, actionSettingKey(action), own)
      for (const [id, template] of Object.entries(templates))
        put(context, templateSettingKey(id), template === null ? null : { ...stored.get(id), ...template })
      const written = Object.entries(templates).filter(([, template]) => template !== null)
      if (written.length > 0) requireTemplates(context, new Set(written.map(([id]) => id)))
      return preferencesOf(context)
    },
  }),
}
