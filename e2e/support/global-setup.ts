import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceWorkers } from '../../app/default-workers.ts'
import { rendererBuild } from '../../scripts/building/builds.ts'
import { buildIfStale, type Build } from '../../scripts/building/stale-build.ts'
import { TREE } from '../../scripts/tree.ts'
import { BUNDLE_VARIABLE, RENDERER_VARIABLE } from './app-process.ts'

/** The application as the tests start it, with its threads. It lies below the tree, where it finds the database driver. */
const servedApp: Build = {
  name: 'e2e',
  tree: TREE,
  inputs: ['e2e/support', 'loopback', 'app', 'db', 'platform', 'core']
    .map((folder) => `${folder}/**/*.ts`)
    .concat('package-lock.json'),
  output: 'dist/e2e',
  make: async (folder) => {
    const { build } = await import('vite')
    const workers = Object.entries(sourceWorkers).map(([name, url]) => [`workers/${name}`, fileURLToPath(url)])
    await build({
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      ssr: { noExternal: true, external: ['better-sqlite3'] },
      build: {
        ssr: true,
        outDir: folder,
        target: 'node24',
        minify: false,
        sourcemap: 'inline',
        rollupOptions: {
          input: { 'served-app': join(TREE, 'e2e/support/served-app.ts'), ...Object.fromEntries(workers) },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    })
  },
}

/** Builds what is stale. The window's files are copied, so that a build during the run takes none away from under it. */
export default async function prepare(): Promise<() => void> {
  await buildIfStale(rendererBuild, () => console.log('Building the window …'))
  await buildIfStale(servedApp, () => console.log('Bundling the application …'))
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-window-'))
  cpSync(join(TREE, rendererBuild.output), folder, { recursive: true })
  process.env[RENDERER_VARIABLE] = folder
  process.env[BUNDLE_VARIABLE] = join(TREE, servedApp.output)
  return () => rmSync(folder, { recursive: true, force: true })
}
