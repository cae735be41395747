import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { electronBuild, rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

/** Builds what is stale, and copies what a packager needs to `folder`, because other builds may change the tree meanwhile. */
export async function copyProject(folder: string): Promise<void> {
  for (const stale of [rendererBuild, electronBuild]) {
    await buildIfStale(stale)
    mkdirSync(join(folder, stale.output), { recursive: true })
    cpSync(join(TREE, stale.output), join(folder, stale.output), { recursive: true })
  }
  for (const file of ['package.json', 'package-lock.json', 'electron-builder.yml']) cpSync(join(TREE, file), join(folder, file))
  symlinkSync(join(TREE, 'node_modules'), join(folder, 'node_modules'))
}
