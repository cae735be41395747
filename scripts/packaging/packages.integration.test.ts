import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { Arch, build, Platform } from 'electron-builder'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { writeElectronDistribution } from './electron-distribution.ts'
import { copyProject } from './project-copy.ts'

const folder = mkdtempSync(join(tmpdir(), 'propaganda-packages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const project = join(folder, 'project')

beforeAll(() => copyProject(project))

/** The states of a fuse in the program. */
const [OFF, ON] = ['0'.charCodeAt(0), '1'.charCodeAt(0)]

type Target = {
  readonly name: 'linux' | 'darwin' | 'win32'
  readonly platform: Platform
  readonly binary: string
  /** A path in the packages' folder, like the next ones. */
  readonly resources: string
  readonly program: string
  /** The file in which the system's loader looks for the archive's hash; Linux has none. */
  readonly integrity?: string
  readonly config?: object
}

const MAC = 'mac/Propaganda Dashboard.app/Contents'
const targets: Target[] = [
  {
    name: 'linux',
    platform: Platform.LINUX,
    binary: 'linux-x64.node',
    resources: 'linux-unpacked/resources',
    program: 'linux-unpacked/propaganda-dashboard',
  },
  {
    name: 'win32',
    platform: Platform.WINDOWS,
    binary: 'win32-x64.node',
    resources: 'win-unpacked/resources',
    program: 'win-unpacked/Propaganda Dashboard.exe',
    integrity: 'win-unpacked/Propaganda Dashboard.exe',
    // Editing the icon needs a Windows program.
    config: { win: { signAndEditExecutable: false } },
  },
  {
    name: 'darwin',
    platform: Platform.MAC,
    binary: 'darwin-x64.node',
    resources: `${MAC}/Resources`,
    program: 'mac/Propaganda Dashboard.app',
    integrity: `${MAC}/Info.plist`,
    // Signing needs a Mac, an identity and the network.
    config: { mac: { identity: null, notarize: false } },
  },
]

describe.each(targets)('the package for $name', ({ name, platform, binary, resources, program, integrity, config }) => {
  const packages = join(folder, name)
  const archive = join(packages, resources, 'app.asar')
  let files: string[] = []

  beforeAll(async () => {
    const electronDist = join(folder, `electron-${name}`)
    const { version } = JSON.parse(readFileSync(join(TREE, 'node_modules', 'electron', 'package.json'), 'utf8')) as {
      version: string
    }
    writeElectronDistribution(electronDist, name, version)
    await build({
      projectDir: project,
      targets: platform.createTarget('dir', Arch.x64),
      config: { ...config, electronDist, directories: { output: packages } },
      publish: 'never',
    })
    files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'))
  })

  test('contains only the bundles, the window and the driver', () => {
    const wanted = [
      'main.cjs',
      'preload.cjs',
      'workers/database.cjs',
      'workers/passwords.cjs',
      'workers/imports.cjs',
      'workers/exports.cjs',
      'workers/reports.cjs',
    ]
    for (const path of wanted) expect(files).toContain(`/dist/electron/${path}`)
    expect(files).toContain('/dist/renderer/index.html')
    expect(new Set(files.map((path) => path.split('/')[1]))).toEqual(new Set(['dist', 'node_modules', 'package.json']))
    expect(files.filter((path) => /\.(ts|map)$|\.test\./.test(path))).toEqual([])
    const dependencies = files.filter((path) => path.startsWith('/node_modules/')).map((path) => path.split('/')[2])
    expect(new Set(dependencies)).toEqual(new Set(['better-sqlite3']))
  })

  test('has only its system’s binary outside of the archive', () => {
    const unpacked = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true })
    const paths = unpacked.filter((entry) => entry.isFile()).map((entry) => entry.name)
    expect(paths).toEqual([binary])
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([`/node_modules/better-sqlite3/prebuilds/${binary}`])
  })

  test('has the right fuses', async () => {
    const wire = await getCurrentFuseWire(join(packages, program))
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ]
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ]
    for (const fuse of on) expect(wire[fuse], FuseV1Options[fuse]).toBe(ON)
    for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(OFF)
  })

  if (integrity === undefined) return
  test('contains the hash of its archive’s header, which Electron checks before it runs the archive', () => {
    const bytes = readFileSync(archive)
    const header = bytes.subarray(16, 16 + bytes.readUInt32LE(12))
    const hash = createHash('sha256').update(header).digest('hex')
    expect(readFileSync(join(packages, integrity)).includes(hash)).toBe(true)
  })
})

test('the packaged bundle runs: window, port, threads, database driver', () => {
  const unpacked = join(folder, 'unpacked')
  const { resources } = targets.find(({ name }) => name === process.platform) ?? targets[0] ?? { resources: '' }
  extractAll(join(folder, process.platform, resources, 'app.asar'), unpacked)
  const main = join(unpacked, 'dist', 'electron', 'main.cjs')
  const script = fileURLToPath(new URL('./run-bundle.ts', import.meta.url))
  const output = execFileSync(process.execPath, [script, main, join(folder, 'home')], { encoding: 'utf8', timeout: 60_000 })
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({
    user: 'ada@acme.test',
    page: 200,
    rows: 1,
    pdf: '%PDF-',
    xlsx: expect.stringMatching(/^PK/),
    preload: join(unpacked, 'dist', 'electron', 'preload.cjs'),
  })
})
