import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { SEPARATED } from './rooms.mjs'

/** The rooms that each room may import, written out again so that a mistake in the linter's table is found. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  platform: ['core'],
  db: ['core', 'platform'],
  app: ['core', 'platform', 'db'],
  electron: ['core', 'platform', 'app'],
  loopback: ['core', 'platform', 'app'],
  cli: ['core', 'platform', 'app'],
  renderer: ['core'],
  'sync-server': ['core', 'platform'],
}
/** The layers of the window, from the top. Each imports the layers below it; the exception is in `plantLayers`. */
const LAYERS = ['shell', 'features', 'drafts', 'session', 'view', 'feedback', 'ui', 'api', 'format']
const PRODUCT = Object.keys(ALLOWED)
const TOOLING = ['e2e', 'bench', 'scripts']

/** All ways to import another module. */
const WAYS: Readonly<Record<string, (specifier: string) => string>> = {
  import: (specifier) => `import { value } from '${specifier}'\nconsole.log(value)\n`,
  'import type': (specifier) => `import type { Type } from '${specifier}'\nexport type Own = Type\n`,
  'export from': (specifier) => `export { value } from '${specifier}'\n`,
  'export all': (specifier) => `export * from '${specifier}'\n`,
  'dynamic import': (specifier) => `export const load = () => import('${specifier}')\n`,
  'import() type': (specifier) => `export type Own = import('${specifier}').Type\n`,
  require: (specifier) => `declare const require: (name: string) => unknown\nexport const own = require('${specifier}')\n`,
  'resolved path': (specifier) => `export const path = import.meta.resolve('${specifier}')\n`,
}

const folder = mkdtempSync(join(tmpdir(), 'propaganda-directions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function plant(path: string, content: string): string {
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  writeFileSync(join(folder, path), content)
  return path
}

type Planted = { readonly name: string; readonly path: string; readonly rule: string }

const forbidden: Planted[] = []
const allowed: Planted[] = []
const compiled: Planted[] = []
const RULE = 'rooms(directions)'

beforeAll(() => {
  // The real configurations. Nothing is written into the checkout.
  for (const file of ['.oxlintrc.json', '.gitignore', 'package.json', 'tsconfig.json', 'tsconfig.base.json'])
    cpSync(join(TREE, file), join(folder, file))
  for (const room of [...PRODUCT, ...TOOLING]) {
    mkdirSync(join(folder, room), { recursive: true })
    cpSync(join(TREE, room, 'tsconfig.json'), join(folder, room, 'tsconfig.json'))
    plant(`${room}/target.ts`, 'export const value = 1\nexport type Type = string\n')
  }
  for (const file of ['directions.mjs', 'rooms.mjs']) {
    plant(`scripts/lint/${file}`, readFileSync(join(TREE, 'scripts', 'lint', file), 'utf8'))
  }
  symlinkSync(join(TREE, 'node_modules'), join(folder, 'node_modules'))
  plantRooms()
  plantLayers()
  plantFeatures()
  plantPackages()
  plantShapes()
})

function plantRooms(): void {
  for (const from of PRODUCT) {
    for (const to of [...PRODUCT, ...TOOLING]) {
      if (from === to) continue
      const isAllowed = ALLOWED[from]?.includes(to) === true
      const path = plant(`${from}/to-${to}.ts`, (WAYS.import ?? String)(`../${to}/target.ts`))
      const planted = { name: `${from}/ imports ${to}/`, path, rule: RULE }
      if (isAllowed) allowed.push(planted)
      else forbidden.push(planted)
      // The compiler accepts a room that is referenced indirectly. Only the linter refuses it.
      if (!isAllowed && !reaches(from, to)) compiled.push(planted)
    }
  }
  for (const [way, write] of Object.entries(WAYS)) {
    const path = plant(`core/deep/${way.replaceAll(/\W/g, '-')}.ts`, write('../../db/target.ts'))
    forbidden.push({ name: `core/ reaches db/ by ${way}`, path, rule: RULE })
  }
  // A folder inside a room with another room's name is not that room.
  plant('sync-server/app/target.ts', 'export const value = 1\n')
  allowed.push({
    name: 'sync-server/',
    path: plant('sync-server/http/own.ts', (WAYS.import ?? String)('../app/target.ts')),
    rule: RULE,
  })
  for (const to of PRODUCT)
    allowed.push({ name: 'e2e/', path: plant(`e2e/to-${to}.ts`, (WAYS.import ?? String)(`../${to}/target.ts`)), rule: RULE })
}

function plantLayers(): void {
  const place = (layer: string) => (layer === 'features' ? 'features/calls' : layer)
  const up = (layer: string) => (layer === 'features' ? '../..' : '..')
  for (const layer of LAYERS) plant(`renderer/${place(layer)}/target.ts`, 'export const value = 1\n')
  for (const [position, from] of LAYERS.entries())
    for (const [index, to] of LAYERS.entries()) {
      const path = plant(
        `renderer/${place(from)}/to-${to}-layer.ts`,
        (WAYS.import ?? String)(from === to ? './target.ts' : `${up(from)}/${place(to)}/target.ts`),
      )
      const isBelow = index >= position && !(from === 'ui' && to === 'api')
      const planted = { name: `renderer/${from}/ imports renderer/${to}/`, path, rule: RULE }
      if (isBelow) allowed.push(planted)
      else forbidden.push(planted)
    }
  for (const layer of LAYERS)
    forbidden.push({
      name: `renderer/${layer}/ imports a file at the top`,
      path: plant(`renderer/${place(layer)}/to-top.ts`, (WAYS.import ?? String)(`${up(layer)}/target.ts`)),
      rule: RULE,
    })
  plant('renderer/other/target.ts', 'export const value = 1\n')
  forbidden.push({
    name: 'a folder of renderer/ that is not a layer',
    path: plant('renderer/other/own.ts', (WAYS.import ?? String)('../format/target.ts')),
    rule: RULE,
  })
  allowed.push({
    name: 'main.ts imports shell/',
    path: plant('renderer/main.ts', (WAYS.import ?? String)('./shell/target.ts')),
    rule: RULE,
  })
}

function plantFeatures(): void {
  plant('renderer/features/calls/opening-grid.tsx', 'export const value = 1\n')
  plant('renderer/features/calls/deep/target.ts', 'export const value = 1\n')
  const cases: [path: string, specifier: string, isAllowed: boolean][] = [
    ['renderer/features/dashboard/door.ts', '../calls/opening-grid.tsx', true],
    ['renderer/features/audit/door.ts', '../calls/opening-grid.tsx', false],
    ['renderer/features/dashboard/wall.ts', '../calls/target.ts', false],
    ['renderer/features/dashboard/deep-wall.ts', '../calls/deep/target.ts', false],
    ['renderer/features/calls/own-deep.ts', './deep/target.ts', true],
    ['renderer/features/calls/deep/own.ts', '../target.ts', true],
  ]
  for (const [path, specifier, isAllowed] of cases) {
    const planted = { name: `${path} imports ${specifier}`, path: plant(path, (WAYS.import ?? String)(specifier)), rule: RULE }
    if (isAllowed) allowed.push(planted)
    else forbidden.push(planted)
  }
}

function reaches(from: string, to: string): boolean {
  return ALLOWED[from]?.some((next) => next === to || reaches(next, to)) === true
}

function plantPackages(): void {
  const cases: [path: string, specifier: string, isAllowed: boolean][] = [
    ['app/electron.ts', 'electron', false],
    ['loopback/electron.ts', 'electron', false],
    ['electron/electron.ts', 'electron', true],
    ['app/electron-deep.ts', 'electron/main', false],
    ['app/sqlite.ts', 'better-sqlite3', false],
    ['db/queries/sqlite.ts', 'better-sqlite3', false],
    ['db/open.ts', 'better-sqlite3', false],
    ['platform/threads/sqlite.ts', 'better-sqlite3', false],
    ['platform/sqlite/database.ts', 'better-sqlite3', true],
    ['sync-server/service/sqlite.ts', 'better-sqlite3', false],
    ['sync-server/store/sqlite/open.ts', 'better-sqlite3', false],
    ['core/node.ts', 'node:fs', false],
    ['core/node-bare.ts', 'fs', false],
    ['core/node-deep.ts', 'fs/promises', false],
    ['core/react.ts', 'react', false],
    ['core/zod.ts', 'zod', true],
    ['renderer/node.ts', 'node:fs', false],
    ['renderer/sqlite.ts', 'better-sqlite3', false],
    ['app/node.ts', 'node:fs', true],
  ]
  for (const [path, specifier, isAllowed] of cases) {
    plant(path, `import * as everything from '${specifier}'\nconsole.log(everything)\n`)
    const planted = { name: `${path} imports ${specifier}`, path, rule: RULE }
    if (isAllowed) allowed.push(planted)
    else forbidden.push(planted)
  }
}

function plantShapes(): void {
  plant('app/cycle-a.ts', "import { b } from './cycle-b.ts'\nexport const a = () => b\n")
  plant('app/cycle-b.ts', "import { a } from './cycle-a.ts'\nexport const b = () => a\n")
  forbidden.push({ name: 'two modules import each other', path: 'app/cycle-a.ts', rule: 'import(no-cycle)' })
  plant('app/barrel/index.ts', "export * from '../target.ts'\n")
  forbidden.push({ name: 'a barrel file', path: 'app/barrel/index.ts', rule: 'oxc(no-barrel-file)' })
}

function run(program: string, args: readonly string[]): string {
  const { stdout } = spawnSync(process.execPath, [join(TREE, 'node_modules', program), ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout
}

test('no two separated folders import each other', () => {
  for (const [parent, doors] of Object.entries(SEPARATED)) {
    const directions = Object.entries(doors).flatMap(([file, from]) =>
      from.map((each) => [each, file.split('/')[0] ?? ''] as const),
    )
    const reachable = (from: string, to: string): boolean =>
      directions.some(([start, end]) => start === from && (end === to || reachable(end, to)))
    expect(
      directions.filter(([from, to]) => from === to || reachable(to, from)),
      parent,
    ).toEqual([])
    for (const file of Object.keys(doors)) expect(existsSync(join(TREE, parent, file)), file).toBe(true)
  }
})

describe('the linter', () => {
  let found: { filename: string; code: string }[] = []
  beforeAll(() => {
    found = (JSON.parse(run('oxlint/bin/oxlint', ['-f', 'json'])) as { diagnostics: typeof found }).diagnostics
  })
  const refuses = ({ path, rule }: Planted) => found.some(({ filename, code }) => filename === path && code === rule)

  test('refuses every forbidden import, in every way to write it', () => {
    expect(forbidden.length).toBeGreaterThan(80)
    expect(forbidden.filter((planted) => !refuses(planted)).map(({ name }) => name)).toEqual([])
  })

  test('accepts the allowed imports', () => {
    expect(allowed.length).toBeGreaterThan(20)
    expect(allowed.filter(refuses).map(({ name }) => name)).toEqual([])
  })
})

test('the compiler refuses every room that is neither directly nor indirectly referenced', () => {
  const output = run('typescript/bin/tsc', ['-b', ...PRODUCT])
  expect(compiled.length).toBeGreaterThan(40)
  const passed = compiled.filter(({ path }) => !output.includes(`${path}(`)).map(({ name }) => name)
  expect(passed).toEqual([])
})

test('the checkout is unchanged', () => {
  const strays = [...PRODUCT, ...TOOLING].flatMap((room) =>
    readdirSync(join(TREE, room)).filter((name) => /^to-|target\.ts$/.test(name)),
  )
  expect(strays).toEqual([])
})
