import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The top of the source tree, with a slash at its end. */
export const TREE = fileURLToPath(new URL('..', import.meta.url))

/** The product's version, as in package.json. */
export function productVersion(): string {
  return (JSON.parse(readFileSync(`${TREE}package.json`, 'utf8')) as { version: string }).version
}
