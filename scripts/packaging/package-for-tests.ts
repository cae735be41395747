import { Arch, build, Platform } from 'electron-builder'
import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from '../../core/assert.ts'
import type { Runtime } from '../electron-runtime/runtime.ts'
import { TREE } from '../tree.ts'
import { copyProject } from './project-copy.ts'

const BUNDLE = 'dist/electron'
const STAND_INS = 'node-20-stand-ins.cjs'

/**
 * Packages the product with a runtime, as a release does: the same files, archive and fuses. For a runtime with an older Node each entry of
 * the bundle first requires the stand-ins, and the database driver is replaced.
 *
 * @returns the packaged program
 */
export async function packageForTests({ folder, version, driver }: Runtime, output: string): Promise<string> {
  const project = join(output, 'project')
  await copyProject(project)
  if (driver !== undefined) addStandIns(join(project, BUNDLE))
  const architecture = must({ x64: Arch.x64, arm64: Arch.arm64 }[process.arch as string], 'Electron runs on x64 and arm64')
  await build({
    projectDir: project,
    targets: Platform.LINUX.createTarget('dir', architecture),
    config: { electronDist: folder, electronVersion: version, directories: { output: join(output, 'packages') } },
    publish: 'never',
  })
  const [unpacked] = globSync('packages/linux*-unpacked', { cwd: output })
  const packaged = join(output, must(unpacked, 'The packager writes one folder'))
  if (driver !== undefined) {
    const binary = join(packaged, 'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node')
    if (!existsSync(binary)) throw new Error(`The package has no database driver at ${binary}`)
    cpSync(driver, binary)
  }
  return join(packaged, 'propaganda-dashboard')
}

/** A thread has its own global object, so each thread's entry requires the stand-ins too. */
function addStandIns(bundle: string): void {
  cpSync(join(TREE, 'scripts/electron-runtime', STAND_INS), join(bundle, STAND_INS))
  for (const entry of ['main.cjs', ...globSync('workers/*.cjs', { cwd: bundle })]) {
    const path = join(bundle, entry)
    const relative = entry.includes('/') ? '../' : './'
    writeFileSync(path, `require('${relative}${STAND_INS}');${readFileSync(path, 'utf8')}`)
  }
}
