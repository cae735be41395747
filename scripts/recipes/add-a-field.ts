import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One edit of a file by hand: `added` is inserted after the last occurrence of `after`. */
export type Edit = { readonly file: string; readonly after: string; readonly added: string }

/**
 * The edits of "Add a field" in CONTRIBUTING.md, for an optional text `followUpNote`. The test follows them in a copy of the tree, and
 * checks that the recipe names each of the files.
 */
export const ADD_A_FIELD: readonly Edit[] = [
  {
    file: 'core/model/call-fields.ts',
    after: `    optionHelp: 'ISO 8601; without an offset, in the client’s time zone',
  },
`,
    added: `  followUpNote: {
    column: 'follow_up_note',
    schema: optionalText(500),
    kind: 'text',
    label: 'Follow-up note',
    option: 'followUpNote',
    optionArgument: '<text>',
  },
`,
  },
  {
    file: 'db/schema.ts',
    after: `    searchTerms: text('search_terms'),\n`,
    added: `    followUpNote: text('follow_up_note'),\n`,
  },
  {
    file: 'sync-server/store/sqlite/schema.ts',
    after: `UPDATE loss_reasons SET name_key = unique_key(name);
\`,
`,
    added: `  \`
ALTER TABLE calls ADD COLUMN follow_up_note TEXT;
\`,
`,
  },
]

/** Inserts after the last occurrence. @throws Error if the file has none: the recipe is out of date. */
export function apply(tree: string, { file, after, added }: Edit): void {
  const path = join(tree, file)
  const text = readFileSync(path, 'utf8')
  const at = text.lastIndexOf(after)
  if (at < 0) throw new Error(`${file} has no longer the text after which the recipe inserts`)
  writeFileSync(path, text.slice(0, at + after.length) + added + text.slice(at + after.length))
}
