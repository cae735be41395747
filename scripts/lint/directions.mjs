import { isBuiltin } from 'node:module'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DOORS, LEAVES, ROOMS, TEST_PACKAGES } from './rooms.mjs'

const TREE = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Why a file may not import something, or undefined where it may.
 *
 * @param {string} file the importing file's path from the top of the tree, with `/`
 * @param {string} specifier what it imports, as written
 * @returns {string | undefined}
 */
export function refusal(file, specifier) {
  const room = file.split('/')[0] ?? ''
  const rules = ROOMS[room]
  if (rules === undefined) return undefined

  if (specifier.startsWith('.')) {
    const target = relative(TREE, resolve(TREE, dirname(file), specifier)).split(sep)[0] ?? ''
    if (target === room || ROOMS[target] === undefined) return undefined
    if (LEAVES.includes(target) && !LEAVES.includes(room)) return `nothing in the product imports ${target}/`
    if (rules.rooms === 'any' || rules.rooms.includes(target)) return undefined
    return `${room}/ may import ${rules.rooms.length === 0 ? 'no other room' : `only ${rules.rooms.map((name) => `${name}/`).join(' and ')}`}, not ${target}/`
  }

  if (isBuiltin(specifier)) return rules.node ? undefined : `${room}/ runs without Node: ${specifier} is not there`

  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const doors = DOORS[name]
  if (doors !== undefined && !doors.some((door) => (door.endsWith('/') ? file.startsWith(door) : file === door)))
    return `${name} is imported only in ${doors.join(', ')}`
  if (/\.test\.tsx?$/.test(file) && TEST_PACKAGES.includes(name)) return undefined
  if (rules.packages !== undefined && !rules.packages.includes(name))
    return `${room}/ may import only ${rules.packages.join(', ')}`
  return undefined
}

/** Every way in which a module can name another one: import, import type, export from, import(), import type(), require(), vi.mock(). */
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
