import type { NoteTemplate } from '../../../core/model/preferences.ts'

/**
 * Returns the templates whose place changes if one moves by one place up or down. Templates that never got a place have the first.
 * @param by -1 up, 1 down
 */
export function movedTemplates(templates: readonly NoteTemplate[], id: string, by: -1 | 1): readonly NoteTemplate[] {
  const from = templates.findIndex((template) => template.id === id)
  const to = from + by
  const [one, other] = [templates[from], templates[to]]
  if (one === undefined || other === undefined) return []
  const next = templates.with(from, other).with(to, one)
  return next
    .map((template, position) => ({ ...template, position }))
    .filter(({ position }, place) => next[place]?.position !== position)
}
