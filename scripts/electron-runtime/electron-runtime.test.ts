import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TREE } from '../tree.ts'
import { copyAdapted } from './driver.ts'
import { fetchPackage } from './npm-package.ts'
import { runtimeCache } from './runtime.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'electron-runtime-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('the runtime is in the user’s cache, and a new version of the driver needs another binary', () => {
  const { version } = JSON.parse(readFileSync(join(TREE, 'node_modules/better-sqlite3/package.json'), 'utf8')) as {
    version: string
  }
  const { electron, driver } = runtimeCache({ XDG_CACHE_HOME: '/cache' })
  expect(electron).toMatch(/^\/cache\/propaganda-dashboard\//)
  expect(driver).toContain(version)
  expect(runtimeCache({ XDG_CACHE_HOME: 'relative' }).electron.startsWith(join(homedir(), '.cache'))).toBe(true)
})

test('the sources of the installed driver can be adapted to Node-API 9', () => {
  const target = join(folder, 'source')
  copyAdapted(join(TREE, 'node_modules/better-sqlite3'), target)
  expect(readFileSync(join(target, 'src/util/constants.cpp'), 'utf8')).not.toContain('Napi::Reference<Napi::String>')
})

/** Writes an npm client that downloads another archive. On Windows it is a batch file. */
function writeNpm(bin: string): void {
  mkdirSync(bin)
  const answer = '[{"filename":"other-1.0.0.tgz"}]'
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho other > other-1.0.0.tgz\necho '${answer}'\n`, { mode: 0o755 })
  writeFileSync(join(bin, 'npm.cmd'), `@echo other> other-1.0.0.tgz\r\n@echo ${answer}\r\n`)
}

test('a package whose hash is not the pinned one is refused', () => {
  writeNpm(join(folder, 'bin'))
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env.PATH}`)
  expect(() => fetchPackage({ name: 'other', version: '1.0.0', sha512: 'pinned' }, folder)).toThrow(
    /other@1\.0\.0 has the SHA-512 \S+, expected pinned/,
  )
})
