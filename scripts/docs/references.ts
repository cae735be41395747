import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOMS } from '../lint/rooms.mjs'
import { TREE } from '../tree.ts'

/** A path below a room or `docs/`, in backticks. A path with a placeholder or a wildcard names no single file. */
const CODE_PATH = new RegExp(`\`((?:docs|${Object.keys(ROOMS).join('|')})/[\\w./-]*)\``, 'g')
const LINK = /\]\(([^)\s]+)\)/g
const FENCE = /^```[\s\S]*?^```$/gm
const HEADING = /^#+ (.+)$/gm

/** Returns the pages of the project: those at the top of the tree and those in `docs/`. */
export function pages(): string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: TREE }).toSorted()
}

/**
 * Returns the links and code paths of a page that lead nowhere. Links to other sites are not checked.
 * @param page relative to the top of the tree.
 */
export function brokenReferences(page: string, text: string): string[] {
  const prose = text.replaceAll(FENCE, '')
  const paths = matches(prose, CODE_PATH).filter((path) => !existsSync(join(TREE, path)))
  const links = matches(prose, LINK).filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link, text))
  return [...paths, ...links]
}

function matches(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, found = '']) => found)
}

function leadsSomewhere(page: string, link: string, text: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = join(TREE, dirname(page), path)
  if (path !== '' && !existsSync(target)) return false
  if (anchor === undefined) return true
  return anchors(path === '' ? text : readFileSync(target, 'utf8')).includes(anchor)
}

/** The anchors that GitHub gives to the headings of a page. */
function anchors(text: string): string[] {
  return matches(text, HEADING).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
