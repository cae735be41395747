import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'

/** The marker in Electron's programs before their fuses: "v1", the number of fuses, and their states. */
const FUSES = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 8]), Buffer.from('10001100')])

function put(path: string, content: Buffer | string = ''): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, { mode: 0o755 })
}

/**
 * Writes only the files that a packager needs of a downloaded Electron for that system, so that packaging takes seconds and needs no
 * network. Everything that the packager adds is real.
 */
export function writeElectronDistribution(folder: string, platform: 'linux' | 'darwin' | 'win32', version: string): void {
  if (platform === 'darwin') return writeMacApp(join(folder, 'Electron.app', 'Contents'))
  put(join(folder, 'version'), version)
  put(join(folder, 'LICENSE'))
  if (platform === 'win32') put(join(folder, 'electron.exe'), windowsProgram())
  else put(join(folder, 'electron'), FUSES)
}

/** Returns an executable with the version resource next to which the archive's hash is written. */
function windowsProgram(): Buffer {
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' })
  version.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  return Buffer.concat([Buffer.from(program.generate()), FUSES])
}

function writeMacApp(contents: string): void {
  put(join(contents, 'Info.plist'), plist('Electron'))
  put(join(contents, 'MacOS', 'Electron'))
  put(join(contents, 'Frameworks', 'Electron Framework.framework', 'Electron Framework'), FUSES)
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const helper = `Electron Helper${kind}`
    put(join(contents, 'Frameworks', `${helper}.app`, 'Contents', 'Info.plist'), plist(helper))
    put(join(contents, 'Frameworks', `${helper}.app`, 'Contents', 'MacOS', helper))
  }
}

function plist(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>CFBundleExecutable</key><string>${name}</string>
  <key>CFBundleIdentifier</key><string>com.github.Electron</string>
  <key>CFBundleName</key><string>${name}</string>
</dict></plist>
`
}
