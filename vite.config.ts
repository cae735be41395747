import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig, type BuildOptions, type UserConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The window's files. Both shells serve them with a policy that allows no inline script or style but those with the nonce. */
const renderer: UserConfig = {
  root: path('renderer'),
  // Absolute, so that a deep link finds the same files.
  base: '/',
  plugins: [react()],
  // The shell puts a fresh nonce into every answer in place of this word; see app/shell/renderer-files.ts.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: path('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // A font or an image in a data: URL would need a weaker policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 1_500,
  },
}

/** A process and its worker threads. Everything is bundled but what cannot be. */
function nodeProcess(outDir: string, external: string[], rollupOptions: NonNullable<BuildOptions['rollupOptions']>): UserConfig {
  return {
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, external },
    build: {
      ssr: true,
      outDir: path(outDir),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rollupOptions,
    },
  }
}

/** The application's worker threads; app/default-workers.ts expects them in this folder. */
const workers = {
  'workers/database': path('app/workers/database.ts'),
  'workers/passwords': path('platform/passwords/password-thread.ts'),
  'workers/imports': path('app/workers/imports.ts'),
}

/** The sync server and its threads, by the paths that sync-server/server.ts expects. */
const serverThreads = {
  'threads/store-thread': path('sync-server/threads/store-thread.ts'),
  'threads/intake-thread': path('sync-server/threads/intake-thread.ts'),
  'threads/password-thread': path('platform/passwords/password-thread.ts'),
}

/** Chunks lie next to the entries, so that a path relative to a module is the same from an entry and from a chunk. */
const modules: NonNullable<BuildOptions['rollupOptions']>['output'] = {
  format: 'es',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
}

/**
 * The desktop shell's own process. Electron itself is no package to bundle, and the database driver's native part must lie beside its
 * JavaScript. CommonJS, because Electron's archive is read by Node's CommonJS loader in worker threads as everywhere.
 */
const main = nodeProcess('dist/electron', ['electron', 'better-sqlite3'], {
  input: {
    main: path('electron/main.ts'),
    ...workers,
  },
  output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
})

/** A sandboxed preload script can only be CommonJS, in one file. */
const preload: UserConfig = {
  publicDir: false,
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: path('electron/preload.ts'),
    outDir: path('dist/electron'),
    emptyOutDir: false,
    target: 'chrome140',
    minify: false,
    sourcemap: false,
    rollupOptions: { output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
  },
}

/** The sync server, for a machine that has nothing but Node, the driver and this. `.mjs` is a module in any folder. */
const server = nodeProcess('dist/sync-server', ['better-sqlite3'], {
  input: { main: path('sync-server/main.ts'), ...serverThreads },
  output: modules,
})

/** The loopback shell and the command line: bundled, they start in a fraction of the time that the source takes. */
const programs = nodeProcess('dist/programs', ['better-sqlite3'], {
  input: { loopback: path('loopback/main.ts'), cli: path('cli/main.ts'), ...workers },
  output: modules,
})

/** The threads and processes that tests start by the hundred. */
const tests = nodeProcess('dist/tests', ['better-sqlite3'], {
  input: {
    ...workers,
    cli: path('cli/main.ts'),
    'sync-server': path('sync-server/main.ts'),
    ...serverThreads,
    'served-app': path('e2e/support/served-app.ts'),
    'kill-victim': path('app/testing/kill-victim.ts'),
    'device-victim': path('app/sync/testing/device-victim.ts'),
    'window-process': path('loopback/testing/window-process.ts'),
    'limit-pages': path('db/testing/limit-pages.ts'),
  },
  output: modules,
})

const configs: Readonly<Record<string, UserConfig>> = { main, preload, server, programs, tests }

/** `vite build` makes the window's files; `--mode NAME` makes one of the others, which scripts/building/builds.ts lists. */
export default defineConfig(({ mode }) => configs[mode] ?? renderer)
