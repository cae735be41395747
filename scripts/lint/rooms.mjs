/**
 * The rooms (top-level folders) that each room may import. The compiler enforces the same directions through the references in each
 * room's tsconfig.json, but accepts indirect references. The lint rule next to this file refuses them.
 *
 * `node`: whether Node's modules may be imported.
 * `packages`: the only packages that the room may import; default: any.
 *
 * @typedef {{ rooms: readonly string[] | 'any', node: boolean, packages?: readonly string[] }} Room
 * @type {Readonly<Record<string, Room>>}
 */
export const ROOMS = {
  // Pure rules: the same in a window, a thread and a server.
  core: { rooms: [], node: false, packages: ['zod', 'luxon', 'libphonenumber-js', 'd3-scale', 'chrono-node', '@orpc/contract'] },
  platform: { rooms: ['core'], node: true },
  db: { rooms: ['core', 'platform'], node: true },
  app: { rooms: ['core', 'platform', 'db'], node: true },
  electron: { rooms: ['core', 'platform', 'app'], node: true },
  loopback: { rooms: ['core', 'platform', 'app'], node: true },
  cli: { rooms: ['core', 'platform', 'app'], node: true },
  renderer: { rooms: ['core'], node: false },
  'sync-server': { rooms: ['core', 'platform'], node: true },
  e2e: { rooms: 'any', node: true },
  bench: { rooms: 'any', node: true },
  scripts: { rooms: 'any', node: true },
}

/**
 * Layers within a room: which of the room's folders a folder may import. A file at the top of the room may import all of them. In a room that
 * has layers, every folder is a layer.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
export const LAYERS = {
  renderer: {
    shell: ['features', 'keys', 'drafts', 'session', 'view', 'feedback', 'ui', 'api', 'format', 'texts', 'device'],
    features: ['keys', 'drafts', 'session', 'view', 'feedback', 'ui', 'api', 'format'],
    keys: ['session', 'view', 'feedback', 'ui', 'api', 'format'],
    drafts: ['session', 'view', 'feedback', 'ui', 'api', 'format'],
    session: ['view', 'feedback', 'ui', 'api', 'format'],
    view: ['feedback', 'ui', 'api', 'format'],
    feedback: ['ui', 'api', 'format'],
    // Widgets do not depend on the product: no session, no requests.
    ui: ['format'],
    api: ['format'],
    format: ['texts', 'device'],
    texts: ['device'],
    device: [],
  },
}

/**
 * Folders whose subfolders do not import each other, except through the doors listed here: a file, and the subfolders that may import it.
 * No two subfolders may be listed in both directions.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
export const SEPARATED = {
  'renderer/features': {
    // The history of a record, shown below a call.
    'audit/record-history.tsx': ['calls'],
    // A button for a deleted call, in the audit trail and below a refused change.
    'audit/restore-call.tsx': ['sync'],
    'audit/trail-coverage.tsx': ['calls'],
    'audit/trail-pages.ts': ['calls'],
    // Values of rows as text, for refused changes and conflicts.
    'audit/audit-diff.ts': ['sync'],
    'audit/audit-labels.ts': ['sync'],
    'audit/use-diff-context.ts': ['sync'],
    // The call form, for a call that the server refused.
    'calls/call-form.tsx': ['sync'],
    'calls/call-form-values.ts': ['sync'],
    'calls/use-call-commands.ts': ['sync', 'today'],
    // The lists of the calls that a rule counts or leaves out.
    'calls/call-pages.ts': ['dashboard'],
    'calls/opening-grid.tsx': ['dashboard'],
    // Facts about the prospect of a call that is being typed.
    'prospects/prospect-hint.tsx': ['calls'],
    // The server's part of the settings.
    'sync/server-section.tsx': ['settings'],
  },
}

/** Rooms that nothing else imports. */
export const LEAVES = ['e2e', 'bench', 'scripts']

/**
 * Packages that only the listed places import. A path that ends with `/` is a folder.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const DOORS = {
  electron: ['electron/'],
  'better-sqlite3': ['platform/sqlite/database.ts'],
}

/** Packages that tests of every room may also import. */
export const TEST_PACKAGES = ['vitest', 'fast-check', '@playwright/test', '@axe-core/playwright']
