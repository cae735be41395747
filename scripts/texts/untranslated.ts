import { parseSync } from 'vite'

/** A text for people that is not in a macro, so that the window cannot translate it. */
export type Untranslated = { readonly line: number; readonly text: string }

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [member: string]: unknown }

const MACROS: ReadonlySet<string> = new Set(['@lingui/core/macro', '@lingui/react/macro'])

/** Attributes of elements and members of objects with a text for people. */
const TEXT_NAMES: ReadonlySet<string> = new Set([
  ...[
    'alt',
    'aria-label',
    'aria-description',
    'aria-roledescription',
    'aria-valuetext',
    'counted',
    'description',
    'detail',
    'error',
  ],
  ...['label', 'lead', 'legend', 'message', 'note', 'nothingFoundMessage', 'placeholder', 'text', 'title', 'what', 'wrong'],
])

/** Calls whose arguments are for the log or for developers. */
const NOT_SHOWN = /Error$|^(?:assert|must|unreachable|super)$/
/** The name of the product is the same in every language. */
const PRODUCT = 'Propaganda Dashboard'

/** Two words next to each other: a text for people, wherever it is. */
const WORDS = /\p{L}{2}[’'-]?\p{L}*[,;:.!?]? +[“(]?\p{L}/u
/** Strings with words for programs: addresses, values and selectors of CSS, and formats of dates. */
const TECHNICAL: readonly RegExp[] = [
  /^https?:\/\//,
  /^(?:[a-z-]+\(|\[|[.#][a-z]|\d+px)/,
  /\b(?:sans-serif|monospace)$/,
  /^(?:(?:a|button|input|select|textarea)(?:\[\w+\])?(?:, |$))+$/,
  /^(?:(?:yyyy|M{1,4}|L{1,4}|dd?|E{3,4}|HH?|hh?|mm?|ss?|a|…)(?:[-:./, ]+|$))+$/,
]

const isTechnical = (text: string) => TECHNICAL.some((pattern) => pattern.test(text.trim()))
const hasLetters = (text: string) => /\p{L}/u.test(text) && !isTechnical(text) && text.trim() !== PRODUCT

/** Returns the texts of a file of the window that are not in a macro. @param file its name decides whether the file has JSX */
export function untranslated(file: string, source: string): Untranslated[] {
  const { program, errors } = parseSync(file, source)
  const [failure] = errors
  if (failure !== undefined) throw new Error(`${file}: ${failure.message}`)
  const root = program as unknown as Node
  const macros = importedMacros(root)
  const found: Untranslated[] = []

  const report = (node: Node, text: string) => {
    found.push({ line: source.slice(0, node.start).split('\n').length, text: text.trim().replaceAll(/\s+/g, ' ') })
  }

  /** @param isText whether a string here is for people, also if it is one word */
  function visit(node: Node, isText: boolean): void {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ImportExpression':
      case 'ExportAllDeclaration':
      case 'TSLiteralType':
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
        return
      case 'TaggedTemplateExpression':
        if (macros.has(nameOf(node['tag']))) return visitAll((node['quasi'] as Node)['expressions'], false)
        break
      case 'CallExpression':
      case 'NewExpression': {
        const callee = nameOf(node['callee'])
        if (macros.has(callee) || NOT_SHOWN.test(callee)) return
        visit(node['callee'] as Node, false)
        return visitAll(node['arguments'], false)
      }
      case 'JSXElement':
        return visitElement(node)
      case 'JSXFragment':
        return visitAll(node['children'], true)
      case 'JSXText':
        if (hasLetters(String(node['value']))) report(node, String(node['value']))
        return
      case 'JSXAttribute': {
        const name = attributeName(node['name'])
        const value = node['value'] as Node | null
        if (value !== null && name !== 'className') visit(value, TEXT_NAMES.has(name))
        return
      }
      case 'JSXExpressionContainer':
        return visit(node['expression'] as Node, isText)
      case 'ConditionalExpression':
        visit(node['test'] as Node, false)
        return visitAll([node['consequent'], node['alternate']], isText)
      case 'LogicalExpression':
        visit(node['left'] as Node, isText && node['operator'] !== '&&')
        return visit(node['right'] as Node, isText)
      case 'BinaryExpression':
        return visitAll([node['left'], node['right']], isText && node['operator'] === '+')
      case 'ObjectExpression':
        // The build finds these messages by the comment.
        if (/\/\*\s*i18n\s*\*\/\s*$/.test(source.slice(0, node.start))) return
        break
      case 'Property':
        if (node['computed'] === true) visit(node['key'] as Node, false)
        return visit(node['value'] as Node, TEXT_NAMES.has(attributeName(node['key'])))
      case 'MemberExpression':
        return visit(node['object'] as Node, false)
      case 'Literal':
        if (typeof node['value'] === 'string') check(node, node['value'], isText)
        return
      case 'TemplateLiteral': {
        const quasis = node['quasis'] as readonly Node[]
        const text = quasis.map((quasi) => (quasi['value'] as { cooked: string }).cooked).join('…')
        check(node, text, isText)
        return visitAll(node['expressions'], isText)
      }
      default:
    }
    for (const [member, value] of Object.entries(node)) if (member !== 'typeAnnotation') visitAll(value, false)
  }

  function check(node: Node, text: string, isText: boolean): void {
    if (isText ? hasLetters(text) : WORDS.test(text) && !isTechnical(text)) report(node, text)
  }

  /** The words of a macro are translated. The attributes of the elements within it are not part of its message. */
  function visitElement(node: Node, isInMacro = false): void {
    const opening = node['openingElement'] as Node
    const isMacro = macros.has(nameOf(opening['name']))
    if (!isMacro) visitAll(opening['attributes'], false)
    for (const child of node['children'] as readonly Node[]) {
      if (child.type === 'JSXElement') visitElement(child, isInMacro || isMacro)
      else if (child.type !== 'JSXText' || (!isInMacro && !isMacro)) visit(child, true)
    }
  }

  function visitAll(value: unknown, isText: boolean): void {
    if (Array.isArray(value)) for (const each of value) visitAll(each, isText)
    else if (isNode(value)) visit(value, isText)
  }

  visit(root, false)
  return found
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Returns the name of an identifier; empty: another expression. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  return node.type === 'Super' ? 'super' : typeof node['name'] === 'string' ? node['name'] : ''
}

function attributeName(node: unknown): string {
  if (!isNode(node)) return ''
  return node.type === 'Literal' ? String(node['value']) : nameOf(node)
}

/** Returns the names under which the file has the macros. */
function importedMacros(root: Node): ReadonlySet<string> {
  const imports = (root['body'] as readonly Node[]).filter(
    ({ type, source }) => type === 'ImportDeclaration' && isNode(source) && MACROS.has(String(source['value'])),
  )
  return new Set(imports.flatMap((each) => (each['specifiers'] as readonly Node[]).map(({ local }) => nameOf(local))))
}
