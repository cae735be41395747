import type { NoteTemplate, Preferences } from '../../../core/model/preferences.ts'
import type { ProcedureInput } from '../../../core/contract/procedures.ts'

/** The type of an entry of each preference. */
type Values = { keys: string[]; note_templates: Omit<NoteTemplate, 'id'> }
export type Member = keyof Values

/** New values by the id of an action or a template. Null: the default keys, or no template. */
export type Changes<Of extends Member> = Readonly<Record<string, Values[Of] | null>>

type Access<Of extends Member> = {
  readonly read: (preferences: Preferences) => Readonly<Record<string, Values[Of]>>
  readonly patch: (changes: Changes<Of>) => ProcedureInput<'preferences.set'>
}

const ACCESS: { readonly [Of in Member]: Access<Of> } = {
  keys: { read: ({ keys }) => keys, patch: (keys) => ({ keys }) },
  note_templates: {
    // A change without a place would leave the stored one. A template that never got a place has the first.
    read: ({ note_templates: list }) =>
      Object.fromEntries(list.map(({ id, name, text, position = 0 }) => [id, { name, text, position }])),
    patch: (templates) => ({ note_templates: templates }),
  },
}

/** Returns the input that saves changes. */
export function patchOf<Of extends Member>(member: Of, changes: Changes<Of>): ProcedureInput<'preferences.set'> {
  return ACCESS[member].patch(changes)
}

/** Returns the present values of the entries that `changes` replaces. */
export function valuesBefore<Of extends Member>(member: Of, changes: Changes<Of>, preferences: Preferences): Changes<Of> {
  const present = ACCESS[member].read(preferences)
  return Object.fromEntries(Object.keys(changes).map((id) => [id, present[id] ?? null]))
}

/** Returns whether the preferences have the values of `changes`. */
export function holds<Of extends Member>(member: Of, changes: Changes<Of>, preferences: Preferences): boolean {
  return JSON.stringify(valuesBefore(member, changes, preferences)) === JSON.stringify(changes)
}
