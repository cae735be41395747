import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findElectron, obtainElectron, type ElectronPlace } from './electron-binary.ts'

let folder = ''
let place: ElectronPlace

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'electron-binary-'))
  const packageFolder = join(folder, 'electron')
  mkdirSync(packageFolder)
  writeFileSync(join(packageFolder, 'package.json'), '{"version":"45.0.0"}')
  place = { packageFolder, memory: join(folder, 'cache', 'failed'), env: {}, platform: 'linux' }
  downloader('process.exit(1)')
})
afterEach(() => rmSync(folder, { recursive: true }))

const downloader = (script: string) => writeFileSync(join(place.packageFolder, 'install.js'), script)

function install(path = join(place.packageFolder, 'dist')): void {
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'electron'), '')
  writeFileSync(join(place.packageFolder, 'path.txt'), 'electron')
}

test('the program is found in the package’s folder, if it exists', () => {
  expect(findElectron(place)).toBeUndefined()
  writeFileSync(join(place.packageFolder, 'path.txt'), 'electron')
  expect(findElectron(place)).toBeUndefined()
  install()
  expect(findElectron(place)).toBe(join(place.packageFolder, 'dist', 'electron'))
})

test('ELECTRON_OVERRIDE_DIST_PATH sets another folder, also if nothing was downloaded', () => {
  const other = join(folder, 'other')
  install(other)
  rmSync(join(place.packageFolder, 'path.txt'))
  expect(findElectron({ ...place, env: { ELECTRON_OVERRIDE_DIST_PATH: other } })).toBe(join(other, 'electron'))
  expect(findElectron({ ...place, env: { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'gone') } })).toBeUndefined()
})

test('a downloaded program is used', async () => {
  downloader(`const fs = require('fs'), path = require('path')
    fs.mkdirSync(path.join(__dirname, 'dist')); fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), ''); fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron')`)
  expect(await obtainElectron(place, false, () => {})).toBe(join(place.packageFolder, 'dist', 'electron'))
  expect(existsSync(place.memory)).toBe(false)
})

test('a failed download is repeated only on request or for another version', async () => {
  const onFetch = vi.fn<() => void>()
  expect(await obtainElectron(place, false, onFetch)).toBeUndefined()
  expect(await obtainElectron(place, false, onFetch)).toBeUndefined()
  expect(onFetch).toHaveBeenCalledTimes(1)
  await obtainElectron(place, true, onFetch)
  expect(onFetch).toHaveBeenCalledTimes(2)
  writeFileSync(join(place.packageFolder, 'package.json'), '{"version":"46.0.0"}')
  await obtainElectron(place, false, onFetch)
  expect(onFetch).toHaveBeenCalledTimes(3)
})
