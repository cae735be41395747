/**
 * Which room (top-level folder) may import which, in one table. The compiler enforces the same directions through the
 * references in each room's tsconfig.json, but lets what is referenced indirectly through; the lint rule beside this file does not.
 *
 * `node`: whether Node's own modules may be imported.
 * `packages`: where given, the only packages that the room may import.
 *
 * @typedef {{ rooms: readonly string[] | 'any', node: boolean, packages?: readonly string[] }} Room
 * @type {Readonly<Record<string, Room>>}
 */
export const ROOMS = {
  // Pure rules: the same in a window, a thread and a server.
  core: { rooms: [], node: false, packages: ['zod', 'luxon', 'libphonenumber-js', '@orpc/contract'] },
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

/** Rooms that nothing else imports. */
export const LEAVES = ['e2e', 'bench', 'scripts']

/**
 * Packages with one door. A path that ends with `/` stands for the folder.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const DOORS = {
  electron: ['electron/'],
  'better-sqlite3': ['platform/sqlite/database.ts'],
}

/** What tests may import besides, in every room. */
export const TEST_PACKAGES = ['vitest', 'fast-check', '@playwright/test', '@axe-core/playwright']
