import { isBuiltin } from 'node:module'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DOORS, LAYERS, LEAVES, ROOMS, SEPARATED, TEST_PACKAGES } from './rooms.mjs'

const TREE = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Returns why a file may not import a module; undefined if it may.
 *
 * @param {string} file the importing file's path from the top of the checkout, with `/`
 * @param {string} specifier the imported module, as written
 * @returns {string | undefined}
 */
export function refusal(file, specifier) {
  const room = file.split('/')[0] ?? ''
  const rules = ROOMS[room]
  if (rules === undefined) return undefined

  if (specifier.startsWith('.')) {
    const path = relative(TREE, resolve(TREE, dirname(file), specifier))
      .split(sep)
      .join('/')
    const target = path.split('/')[0] ?? ''
    if (target === room) return layerRefusal(file, path) ?? doorRefusal(file, path)
    if (ROOMS[target] === undefined) return undefined
    if (LEAVES.includes(target) && !LEAVES.includes(room)) return `nothing in the product imports ${target}/`
    if (rules.rooms === 'any' || rules.rooms.includes(target)) return undefined
    return `${room}/ may import ${rules.rooms.length === 0 ? 'no other room' : `only ${rules.rooms.map((name) => `${name}/`).join(' and ')}`}, not ${target}/`
  }

  if (isBuiltin(specifier)) return rules.node ? undefined : `${room}/ runs without Node: ${specifier} is not available`

  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const doors = DOORS[name]
  if (doors !== undefined && !doors.some((door) => (door.endsWith('/') ? file.startsWith(door) : file === door)))
    return `${name} is imported only in ${doors.join(', ')}`
  if (/\.test\.tsx?$/.test(file) && TEST_PACKAGES.includes(name)) return undefined
  if (rules.packages !== undefined && !rules.packages.includes(name))
    return `${room}/ may import only ${rules.packages.join(', ')}`
  return undefined
}

/**
 * Returns why a file may not import another file of its room, by their layers; undefined if it may.
 *
 * @param {string} file @param {string} target paths from the top of the checkout, with `/`
 * @returns {string | undefined}
 */
function layerRefusal(file, target) {
  const [room = '', from = '', ...rest] = file.split('/')
  const layers = LAYERS[room]
  if (layers === undefined || rest.length === 0) return undefined
  const allowed = layers[from]
  if (allowed === undefined) return `${room}/${from}/ is not a layer of ${room}/: see scripts/lint/rooms.mjs`
  const parts = target.split('/')
  const to = parts.length > 2 ? (parts[1] ?? '') : ''
  if (to === from || allowed.includes(to)) return undefined
  return `${room}/${from}/ may import only ${allowed.length === 0 ? 'itself' : allowed.map((name) => `${name}/`).join(', ')}, not ${target}`
}

/**
 * Returns why a file may not import a file of a neighbouring folder that is kept separate; undefined if it may.
 *
 * @param {string} file @param {string} target paths from the top of the checkout, with `/`
 * @returns {string | undefined}
 */
function doorRefusal(file, target) {
  for (const [folder, doors] of Object.entries(SEPARATED)) {
    if (!file.startsWith(`${folder}/`) || !target.startsWith(`${folder}/`)) continue
    const from = file.slice(folder.length + 1).split('/')[0] ?? ''
    const path = target.slice(folder.length + 1)
    if (path.split('/')[0] === from || doors[path]?.includes(from) === true) continue
    return `${folder}/${from}/ may not import ${path}: move the shared part down, or add a door in scripts/lint/rooms.mjs`
  }
  return undefined
}

/** All ways in which a module can import another one: import, import type, export from, import(), import type(), require(), vi.mock(). */
const directions = {
  meta: { type: 'problem' },
  /** @param {any} context */
  create(context) {
    const file = relative(TREE, context.filename).split(sep).join('/')
    /** @param {any} node @param {any} source */
    const check = (node, source) => {
      const specifier = source?.value ?? source?.quasis?.[0]?.value?.cooked
      if (typeof specifier !== 'string') return
      const message = refusal(file, specifier)
      if (message !== undefined) context.report({ node, message })
    }
    /** @param {any} node */
    const bySource = (node) => check(node, node.source)
    return {
      ImportDeclaration: bySource,
      ImportExpression: bySource,
      ExportAllDeclaration: bySource,
      ExportNamedDeclaration: bySource,
      TSImportType: bySource,
      TSImportEqualsDeclaration: (/** @type {any} */ node) => check(node, node.moduleReference?.expression),
      CallExpression(/** @type {any} */ node) {
        const { callee } = node
        const name = callee.type === 'MemberExpression' ? callee.property?.name : callee.name
        if (['require', 'resolve', 'importActual', 'importMock'].includes(name)) check(node, node.arguments[0])
      },
    }
  },
}

export default { meta: { name: 'rooms' }, rules: { directions } }
