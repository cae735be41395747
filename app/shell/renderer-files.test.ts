import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { contentPolicy } from './content-policy.ts'
import { RendererFiles } from './renderer-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'renderer-files-'))
const root = join(folder, 'renderer')
mkdirSync(join(root, 'assets'), { recursive: true })
writeFileSync(join(root, 'index.html'), '<script nonce="__CSP_NONCE__"></script><style nonce="__CSP_NONCE__"></style>')
writeFileSync(join(root, 'assets', 'a-1b2c.js'), 'a')
writeFileSync(join(root, 'assets', 'odd.exe'), 'a')
writeFileSync(join(root, '.secret.json'), 'secret')
writeFileSync(join(folder, 'secret.json'), 'secret')
symlinkSync(join(folder, 'secret.json'), join(root, 'assets', 'link.json'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = new RendererFiles(root)

test('the page has the nonce of its response in every place', async () => {
  const page = await files.find('/', 'N1')
  expect(page).toMatchObject({ type: 'text/html; charset=utf-8', immutable: false })
  expect(page?.body).toBe('<script nonce="N1"></script><style nonce="N1"></style>')
})

test('an address of the window returns the page, and a missing file returns nothing', async () => {
  expect((await files.find('/calls/0190', 'n'))?.type).toContain('text/html')
  expect(await files.find('/assets/gone.js', 'n')).toBeUndefined()
})

test('a built file is sent unchanged and can be cached for ever', async () => {
  const file = await files.find('/assets/a-1b2c.js', 'n')
  expect(file).toMatchObject({ type: 'text/javascript; charset=utf-8', immutable: true, size: 1 })
})

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/..%5csecret.json',
  '/assets/..\\..\\secret.json',
  '//etc/passwd.json',
  '/assets/link.json',
  '/.secret.json',
  '/secret.json%00.js',
  '/%E0%A4%A.js',
  'secret.json',
  '/assets/odd.exe',
])('a path out of the folder finds nothing: %s', async (path) => {
  expect(await files.find(path, 'n')).toBeUndefined()
})

test('no path of dots, slashes and encodings finds a file outside the folder', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2f',
    '%5c',
    '%00',
    'secret.json',
    'assets',
    'renderer',
    '%252e%252e',
    '//',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
      const found = await files.find(`/${parts.join('')}`, 'n')
      // Only the page has a body of text. Every other file that these paths can name is outside the folder.
      expect(found === undefined || typeof found.body === 'string').toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('the policy allows no inline script, no eval and no foreign origin', () => {
  const policy = contentPolicy('abc', ['ws://127.0.0.1:4711'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("style-src 'self' 'nonce-abc';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
})
