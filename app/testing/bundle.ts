import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { must } from '../../core/assert.ts'
import type { WorkerEntries } from '../default-workers.ts'

/**
 * The variable that names the folder with the bundled threads and processes. The set-up of the integration and end-to-end tests builds it,
 * because a thread or process that starts from source takes a second to read its files.
 */
export const BUNDLE_VARIABLE = 'PROPAGANDA_TEST_BUNDLE'

/** Returns the path of a bundled process, by its name in vite.config.ts. */
export function bundled(name: string): string {
  return join(must(process.env[BUNDLE_VARIABLE], `${BUNDLE_VARIABLE}, which the tests' set-up sets`), `${name}.mjs`)
}

/** Returns the bundled entries of the application's worker threads. */
export function bundledWorkers(): WorkerEntries {
  const entry = (name: string) => pathToFileURL(bundled(`workers/${name}`))
  return {
    database: entry('database'),
    passwords: entry('passwords'),
    imports: entry('imports'),
    exports: entry('exports'),
    reports: entry('reports'),
  }
}

/**
 * Returns an environment without the variables of the person who runs the tests. With NODE_COMPILE_CACHE a bundled process starts faster.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  return { PATH, NODE_COMPILE_CACHE }
}
