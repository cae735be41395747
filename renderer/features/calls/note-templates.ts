import type { NoteTemplate } from '../../../core/model/preferences.ts'
import { foldText } from '../../ui/match-typed.ts'

/** A text at the start of a line that begins with `/`: its position, and the text after the sign. */
export type Slash = { readonly from: number; readonly to: number; readonly typed: string }

/** Returns the text with `/` that contains the caret; null: none does. */
export function slashAt(text: string, caret: number): Slash | null {
  const from = text.lastIndexOf('\n', caret - 1) + 1
  if (text[from] !== '/' || caret <= from) return null
  return { from, to: caret, typed: text.slice(from + 1, caret) }
}

/** Returns the templates whose name contains the typed text; those that begin with it first. */
export function templatesFor(typed: string, templates: readonly NoteTemplate[]): readonly NoteTemplate[] {
  const text = foldText(typed)
  const found = templates.filter(({ name }) => foldText(name).includes(text))
  const begins = ({ name }: NoteTemplate) => (foldText(name).startsWith(text) ? 0 : 1)
  return found.toSorted((a, b) => begins(a) - begins(b))
}

/** The values that replace the placeholders of a template. */
export type TemplateFacts = { readonly name: string; readonly agent: string; readonly date: string }

/** Replaces {name}, {agent} and {date}. A placeholder without a value, and other text in braces, stays. */
export function filledTemplate(text: string, facts: TemplateFacts): string {
  return text.replaceAll(/\{(name|agent|date)\}/g, (whole, key: keyof TemplateFacts) => facts[key] || whole)
}

/** Replaces the typed text. Returns the new text and the position after the inserted one. */
export function insertedAt(
  text: string,
  { from, to }: Slash,
  inserted: string,
): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, from) + inserted + text.slice(to), caret: from + inserted.length }
}
