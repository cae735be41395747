import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig, normalizePath, type BuildOptions, type Plugin, type Rolldown, type UserConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The texts of one language. */
const LANGUAGE_FILES = /[\\/](?:texts|dayjs[\\/]locale)[\\/]/

const signedIn = new Set<string>()

/** Returns the modules that the window needs after the sign-in, by id. */
function signedInApp(graph: Rolldown.ChunkingContext): ReadonlySet<string> {
  const waiting = signedIn.size > 0 ? [] : [normalizePath(path('renderer/shell/signed-in-app.tsx'))]
  for (const id of waiting) {
    if (signedIn.has(id)) continue
    signedIn.add(id)
    waiting.push(...(graph.getModuleInfo(id)?.importedIds ?? []))
  }
  return signedIn
}

const STYLE_SHEETS = /\s*<link rel="stylesheet"[^>]*>/g

/**
 * Moves the style sheets behind the text that the window shows first, so that the browser paints the text before it has them. Scripts
 * still wait for them. They stay before the window's root, because the theme's own values must come after them.
 */
const paintBeforeStyles: Plugin = {
  name: 'paint-before-styles',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replace(STYLE_SHEETS, '').replace('<!-- styles -->', (html.match(STYLE_SHEETS) ?? []).join('').trim()),
  },
}
/** The window's files. Both shells serve them with a policy that allows inline scripts and styles only with the nonce. */
const renderer: UserConfig = {
  root: path('renderer'),
  // Absolute, so that a deep link loads the same files.
  base: '/',
  // Replaces the macros of texts before the JSX is compiled, and compiles the catalogues that the window imports.
  plugins: [lingui({ macroTransform: true, cwd: path('.') }), react(), paintBeforeStyles],
  // The shell replaces this word with a new nonce in every answer; see app/shell/renderer-files.ts.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: path('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts and images in data: URLs would need a weaker policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      output: {
        // One file until the sign-in, one more after it, and few for each page. Without these groups each of them is about 80 files, whose
        // requests take longer than their code.
        codeSplitting: {
          groups: [
            { name: 'window', tags: ['$initial'] },
            { debugName: 'signed-in', name: (id, graph) => (signedInApp(graph).has(id) ? 'signed-in' : null) },
            {
              name: 'part',
              // Only one catalogue is used, so each stays alone.
              test: (id) => !LANGUAGE_FILES.test(id),
              entriesAware: true,
              entriesAwareMergeThreshold: 20_000,
            },
          ],
        },
      },
    },
  },
}

/** A process and its worker threads. Only packages that cannot be bundled stay outside. */
function nodeProcess(outDir: string, external: string[], rollupOptions: NonNullable<BuildOptions['rollupOptions']>): UserConfig {
  return {
    publicDir: false,
    // The desktop shell imports the messages of a language.
    plugins: [lingui({ cwd: path('.') })],
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
  'workers/exports': path('app/workers/exports.ts'),
  'workers/reports': path('app/workers/reports.ts'),
}

/** The sync server and its threads, by the paths that sync-server/server.ts expects. */
const serverThreads = {
  'threads/store-thread': path('sync-server/threads/store-thread.ts'),
  'threads/intake-thread': path('sync-server/threads/intake-thread.ts'),
  'threads/password-thread': path('platform/passwords/password-thread.ts'),
}

/** Chunks are next to the entries, so that a path relative to a module is the same from an entry and from a chunk. */
const modules: NonNullable<BuildOptions['rollupOptions']>['output'] = {
  format: 'es',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
}

/**
 * The desktop shell's process. Electron is not bundled, and the database driver's native part must be next to its JavaScript. The output is
 * CommonJS, because Node's CommonJS loader reads Electron's archive everywhere, also in worker threads.
 */
const main = nodeProcess('dist/electron', ['electron', 'better-sqlite3'], {
  input: {
    main: path('electron/main.ts'),
    ...workers,
  },
  output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
})

/** A sandboxed preload script must be CommonJS in one file. */
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

/** The sync server, for a machine with only Node, the driver and this build. A `.mjs` file is a module in any folder. */
const server = nodeProcess('dist/sync-server', ['better-sqlite3'], {
  input: { main: path('sync-server/main.ts'), ...serverThreads },
  output: modules,
})

/** The loopback shell and the command line. The bundle starts many times faster than the source. */
const programs = nodeProcess('dist/programs', ['better-sqlite3'], {
  input: { loopback: path('loopback/main.ts'), cli: path('cli/main.ts'), ...workers },
  output: modules,
})

/** The threads and processes that tests start. */
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

/** `vite build` builds the window's files. `--mode NAME` builds one of the others, which scripts/building/builds.ts lists. */
export default defineConfig(({ mode }) => configs[mode] ?? renderer)
