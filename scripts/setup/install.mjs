import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { withFileLock } from './file-lock.mjs'
import { isInstalled, projectNode } from './lock-state.mjs'

/** The interval of progress messages on a terminal without npm's own progress line, ms. */
const HEARTBEAT = 10_000

/** The message for a person when the installation fails; npm's own message is above it. */
export class InstallError extends Error {}

/**
 * Installs exactly the packages of package-lock.json, if they are not installed. Writes only to standard error, because standard output
 * belongs to the command that follows.
 *
 * @param {string} tree folder of package.json
 */
export async function install(tree) {
  if (isInstalled(tree)) return
  const lock = join(tree, '.cache', 'install-lock')
  await withFileLock(
    lock,
    async () => {
      // Another process may have installed the packages while this one waited.
      if (isInstalled(tree)) return
      await runNpm(tree)
      if (!isInstalled(tree)) throw new InstallError('The installation ended, but node_modules does not match package-lock.json.')
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
  const startedAt = Date.now()
  const heartbeat = setInterval(() => say(`  … installing for ${Math.round((Date.now() - startedAt) / 1000)} s`), HEARTBEAT)
  // On a terminal npm shows its own progress.
  if (process.stderr.isTTY) clearInterval(heartbeat)
  try {
    for (const { step, node } of STEPS) {
      // Warnings would be about the machine's Node, on which only npm runs.
      const code = await npm(tree, [...step, '--no-audit', '--no-fund', '--loglevel=error'], node(tree))
      if (code !== 0)
        throw new InstallError(
          `npm could not install the packages (npm ${step.join(' ')} ended with ${code}; its message is above).\nCheck the network and the free disk space, then run the same command again.`,
        )
    }
  } finally {
    clearInterval(heartbeat)
  }
  say(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`)
}

/**
 * Only the install script of the package `node` must run: it installs the product's own Node. npm before version 11 has no list of allowed
 * scripts and would run a compiler for the database driver, which includes its binaries.
 *
 * npm leaves out an optional package, such as the binary of a tool for one platform, if the package is not for the Node that runs npm. The last
 * step adds these packages with the product's own Node.
 *
 * @type {readonly { step: readonly string[], node: (tree: string) => string }[]}
 */
const STEPS = [
  { step: ['ci', '--ignore-scripts'], node: () => process.execPath },
  { step: ['rebuild', 'node'], node: () => process.execPath },
  { step: ['install', '--no-save', '--ignore-scripts'], node: projectNode },
]

/**
 * @param {string} tree
 * @param {string[]} args
 * @param {string} node the Node that runs npm
 * @returns {Promise<number | null>}
 */
function npm(tree, args, node) {
  // Uses the npm that runs this process, if any: the `npm` on the PATH may be another one, and on Windows it is a batch file.
  const own = process.env.npm_execpath
  const [command, first] = own?.endsWith('npm-cli.js') ? [node, [own]] : ['npm', []]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: tree,
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && process.platform === 'win32',
      env: installEnvironment(process.env, dirname(node)),
    })
    child.once('error', (cause) => reject(new InstallError(`npm could not be started: ${cause.message}`, { cause })))
    child.once('close', resolve)
  })
}

/**
 * Returns the environment without the options of an outer npm (such as `npm test --omit=dev`), which an inner `npm ci` would apply.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} nodeFolder where an `npm` on the PATH finds its Node
 */
function installEnvironment(env, nodeFolder) {
  const { npm_config_omit: _omit, npm_config_include: _include, NODE_ENV: _mode, ...rest } = env
  return { ...rest, PATH: `${nodeFolder}${delimiter}${rest.PATH ?? ''}` }
}

/** @param {string} tree */
function checkNode(tree) {
  const wanted = `v${JSON.parse(readFileSync(join(tree, 'node_modules', 'node', 'package.json'), 'utf8')).version}`
  const { stdout, error } = spawnSync(projectNode(tree), ['--version'], { encoding: 'utf8' })
  if (error !== undefined || stdout.trim() !== wanted)
    throw new InstallError(
      `The product's own Node (${wanted}) does not run on this machine: ${error?.message ?? `it reports version ${stdout.trim()}`}.\nA system that Node ${wanted} does not support cannot run the product.`,
    )
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}
