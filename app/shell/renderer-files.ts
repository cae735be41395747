import { createReadStream } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import type { ReadStream } from 'node:fs'

/** Placeholder for the nonce in index.html. vite.config.ts writes it. */
const NONCE_PLACE = '__CSP_NONCE__'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
}

export type RendererFile = {
  readonly type: string
  /** Whether the file name contains a hash of the content, so that the file never changes. */
  readonly immutable: boolean
  readonly size: number
  /** Text of the page with its nonce, or a stream of any other file. */
  readonly body: string | (() => ReadStream)
}

/**
 * Finds the built files of the window under `root`. A path that leaves the folder by dots, encoding or a symbolic link finds nothing. A path
 * without a file extension is an address of the window and finds the page.
 */
export class RendererFiles {
  readonly #root: string

  constructor(root: string) {
    this.#root = resolve(root)
  }

  /** @param path path of the URL, percent-encoded */
  async find(path: string, nonce: string): Promise<RendererFile | undefined> {
    const name = decode(path)
    if (name === undefined) return undefined
    if (extname(name) === '' || name === '/index.html') return this.#page(nonce)
    const type = TYPES[extname(name)]
    if (type === undefined) return undefined
    const file = await this.#inside(name)
    if (file === undefined) return undefined
    const { size } = await stat(file)
    return { type, size, immutable: name.startsWith('/assets/'), body: () => createReadStream(file) }
  }

  async #page(nonce: string): Promise<RendererFile | undefined> {
    const file = await this.#inside('/index.html')
    if (file === undefined) return undefined
    const body = (await readFile(file, 'utf8')).replaceAll(NONCE_PLACE, nonce)
    return { type: TYPES['.html'] ?? '', size: Buffer.byteLength(body), immutable: false, body }
  }

  async #inside(name: string): Promise<string | undefined> {
    try {
      const root = await realpath(this.#root)
      const file = await realpath(join(root, name))
      return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined
    } catch {
      return undefined
    }
  }
}

/** Returns the decoded path; undefined if no file of the window can have it. */
function decode(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path)
    const odd =
      !name.startsWith('/') || name.includes('\\') || name.includes('\0') || name.split('/').some((part) => part.startsWith('.'))
    return odd ? undefined : name
  } catch {
    return undefined
  }
}
