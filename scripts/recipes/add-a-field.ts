import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROTOCOL_VERSION, SUPPORTED_PROTOCOLS } from '../../core/sync/protocol.ts'

/** One edit of a file by hand: the last occurrence of `text` becomes `by`. */
export type Edit = { readonly file: string; readonly text: string; readonly by: string }

function insert(file: string, after: string, added: string): Edit {
  return { file, text: after, by: `${after}${added}` }
}

const CALLS_COLUMNS = 'renderer/features/calls/calls-columns.tsx'
const CALLS_GRID = 'renderer/features/calls/calls-grid.module.css'
const PROTOCOL = 'core/sync/protocol.ts'
export const PROTOCOL_TEST = 'core/sync/protocol.test.ts'
const NEXT_PROTOCOL = PROTOCOL_VERSION + 1
/** Takes the place of the new fingerprint until the failure of its test shows it. */
export const UNKNOWN_FINGERPRINT = 'unknown fingerprint'

/**
 * The edits of "Add a field" in CONTRIBUTING.md, for an optional text `followUpNote`. The test follows them in a copy of the tree, and
 * checks that the recipe names each of the files.
 */
export const ADD_A_FIELD: readonly Edit[] = [
  insert(
    'core/model/call-fields.ts',
    `    optionHelp: 'ISO 8601; without an offset, in the client’s time zone',
  },
`,
    `  followUpNote: {
    column: 'follow_up_note',
    schema: optionalText(500),
    kind: 'text',
    label: 'Follow-up note',
    option: 'followUpNote',
    optionArgument: '<text>',
  },
`,
  ),
  insert('db/schema.ts', `    nameTerms: text('name_terms'),\n`, `    followUpNote: text('follow_up_note'),\n`),
  insert(
    'sync-server/store/sqlite/migrations.ts',
    `CREATE INDEX user_settings_feed ON user_settings (client_id, user_id, version);
\`,
`,
    `  \`
ALTER TABLE calls ADD COLUMN follow_up_note TEXT;
\`,
`,
  ),
  {
    file: PROTOCOL,
    text: ` */
export const PROTOCOL_VERSION = ${PROTOCOL_VERSION}\n`,
    by: ` * ${NEXT_PROTOCOL}  Adds the follow-up note of a call.
 */
export const PROTOCOL_VERSION = ${NEXT_PROTOCOL}\n`,
  },
  {
    file: PROTOCOL,
    text: `SUPPORTED_PROTOCOLS: readonly number[] = [${SUPPORTED_PROTOCOLS.join(', ')}]`,
    by: `SUPPORTED_PROTOCOLS: readonly number[] = [${PROTOCOL_VERSION}, ${NEXT_PROTOCOL}]`,
  },
  insert(
    PROTOCOL_TEST,
    `const FINGERPRINTS: Readonly<Record<number, string>> = {`,
    `\n  ${NEXT_PROTOCOL}: '${UNKNOWN_FINGERPRINT}',\n `,
  ),
  insert('renderer/format/labels.ts', `  completedAt: msg\`Completed at\`,\n`, `  followUpNote: msg\`Follow-up note\`,\n`),
  insert(
    CALLS_COLUMNS,
    `      meta: { className: classes.notes ?? '' },
    }),
`,
    `    column.accessor('followUpNote', {
      header: 'Follow-up note',
      enableSorting: false,
      cell: ({ getValue }) => getValue() ?? '',
      meta: { className: classes.followUpNote ?? '' },
    }),
`,
  ),
  { file: CALLS_GRID, text: `\n.type,\n.notes {`, by: `\n.type,\n.notes,\n.followUpNote {` },
  insert(CALLS_GRID, `    --notes: minmax(160px, 3fr)`, ` minmax(140px, 2fr)`),
  { file: CALLS_GRID, text: `\n  .notes {`, by: `\n  .notes,\n  .followUpNote {` },
]

/** @throws Error if the file does not have the text: the recipe is out of date. */
export function apply(tree: string, { file, text, by }: Edit): void {
  const path = join(tree, file)
  const content = readFileSync(path, 'utf8')
  const at = content.lastIndexOf(text)
  if (at < 0) throw new Error(`${file} does not have the text that the recipe edits: ${text}`)
  writeFileSync(path, content.slice(0, at) + by + content.slice(at + text.length))
}
