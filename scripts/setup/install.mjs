import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withFileLock } from './file-lock.mjs'
import { isInstalled, projectNode } from './lock-state.mjs'

/** How often a terminal without npm's own progress line hears that the installation goes on, in milliseconds. */
const HEARTBEAT = 10_000

/** What a person reads when the installation fails; npm's own words stand above it. */
export class InstallError extends Error {}

/**
 * Installs exactly what package-lock.json says, where it is not there already. Everything is written to standard error: standard
 * output belongs to the command that follows.
 *
 * @param {string} tree folder of package.json
 */
export async function install(tree) {
  if (isInstalled(tree)) return
  const lock = join(tree, '.cache', 'install-lock')
  await withFileLock(
    lock,
    async () => {
      // Another process may have done it while this one waited.
      if (isInstalled(tree)) return
      await runNpm(tree)
      if (!isInstalled(tree))
        throw new InstallError('The installation ended, but node_modules is not what package-lock.json says.')
      checkNode(tree)
    },
    (pid) =>
      say(
        `Another installation is running (process ${pid}); this one waits. If process ${pid} is something else, delete ${lock} and try again.`,
      ),
  )
}

/** @param {string} tree */
async function runNpm(tree) {
  say('Installing the packages of package-lock.json. This happens once and takes a minute or so.')
  const begun = Date.now()
  const heartbeat = setInterval(() => say(`  … installing for ${Math.round((Date.now() - begun) / 1000)} s`), HEARTBEAT)
  // On a terminal npm shows its own progress.
  if (process.stderr.isTTY) clearInterval(heartbeat)
  try {
    for (const step of STEPS) {
      // Warnings would be about the machine's Node, on which nothing but npm runs.
      const code = await npm(tree, [...step, '--no-audit', '--no-fund', '--loglevel=error'])
      if (code !== 0)
        throw new InstallError(
          `npm could not install the packages (npm ${step.join(' ')} ended with ${code}; its message is above).\nCheck the network and the free disk space, then run the same command again: it starts where nothing is half done.`,
        )
    }
  } finally {
    clearInterval(heartbeat)
  }
  say(`Installed in ${Math.round((Date.now() - begun) / 1000)} s.`)
}

/**
 * Of all packages only `node` has a script that must run: it brings the product's own Node. npm before 11 knows no list of allowed
 * scripts and would run a compiler for the database driver, which has its binaries with it.
 */
const STEPS = [
  ['ci', '--ignore-scripts'],
  ['rebuild', 'node'],
]

/**
 * @param {string} tree
 * @param {string[]} args
 * @returns {Promise<number | null>}
 */
function npm(tree, args) {
  // The npm that runs us, where there is one: `npm` on the PATH may be another, and on Windows is a batch file.
  const own = process.env.npm_execpath
  const [command, first] = own?.endsWith('npm-cli.js') ? [process.execPath, [own]] : ['npm', []]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: tree,
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && process.platform === 'win32',
      env: installEnvironment(process.env),
    })
    child.once('error', (cause) => reject(new InstallError(`npm could not be started: ${cause.message}`, { cause })))
    child.once('close', resolve)
  })
}

/**
 * Set by an npm that runs us for itself alone; an `npm ci` inside would take them for its own (`npm test --omit=dev` and the like).
 *
 * @param {NodeJS.ProcessEnv} env
 */
function installEnvironment(env) {
  const { npm_config_omit: _omit, npm_config_include: _include, NODE_ENV: _mode, ...rest } = env
  return rest
}

/** @param {string} tree */
function checkNode(tree) {
  const wanted = `v${JSON.parse(readFileSync(join(tree, 'node_modules', 'node', 'package.json'), 'utf8')).version}`
  const { stdout, error } = spawnSync(projectNode(tree), ['--version'], { encoding: 'utf8' })
  if (error !== undefined || stdout.trim() !== wanted)
    throw new InstallError(
      `The product's own Node (${wanted}) does not run on this machine: ${error?.message ?? `it says it is ${stdout.trim()}`}.\nInstall Node ${wanted} yourself only to report this; a system that Node ${wanted} does not support cannot run the product.`,
    )
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}
