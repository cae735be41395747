import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TREE } from '../tree.ts'
import { fetchPackage, type PinnedPackage } from './npm-package.ts'

const HEADERS: PinnedPackage = {
  name: 'node-api-headers',
  version: '1.9.0',
  sha512: '2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
}

/** Replaces a reference to a JavaScript string, which needs Node-API 10. */
const KEPT_STRING = `
#include <string>
struct KeptString {
  napi_env env = nullptr;
  std::string text;
  KeptString() {}
  KeptString(napi_env env, const char* text) : env(env), text(text) {}
  Napi::String Value() const { return Napi::String::New(env, text); }
};
`

/** Replacements in the driver's sources. Each `before` must occur. */
const REPLACEMENTS: readonly (readonly [file: string, before: string, after: string])[] = [
  ['better_sqlite3.cpp', '#include <napi.h>', `#include <napi.h>${KEPT_STRING}`],
  ['util/constants.cpp', 'Napi::Reference<Napi::String>', 'KeptString'],
  ['util/constants.cpp', 'Napi::Persistent(InternalizedFromLatin1(env, str))', 'KeptString(env, str)'],
  ['util/bind-map.cpp', 'Napi::Reference<Napi::String>', 'KeptString'],
  ['util/bind-map.cpp', 'Napi::Persistent(InternalizedFromUtf8(env, name, -1))', 'KeptString(env, name)'],
  ['util/bind-map.cpp', 'Napi::Persistent(pair->name.Value())', 'pair->name'],
  ['util/helpers.cpp', 'Napi::Reference<Napi::String>', 'KeptString'],
]

/**
 * Compiles the database driver for Node-API 9, the newest version in Electron 33. The driver uses references to strings, which Node-API 9
 * does not have. The adapted sources copy the strings instead.
 *
 * @param scratch a folder for the sources that does not exist, on the disk of `target`
 */
export function compileDriver(target: string, scratch: string): void {
  const driver = join(TREE, 'node_modules', 'better-sqlite3')
  const source = join(scratch, 'source')
  copyAdapted(driver, source)
  const headers = fetchPackage(HEADERS, scratch)
  const definitions = sqliteDefinitions(readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8'))
  const common = ['-O1', '-w', '-fPIC', ...definitions]
  const compile = (compiler: 'gcc' | 'g++', args: readonly string[]) =>
    execFileSync(compiler, [...common, ...args], { cwd: source, stdio: ['ignore', 'inherit', 'inherit'] })
  compile('gcc', ['-c', 'deps/sqlite3/sqlite3.c', '-o', 'sqlite3.o'])
  compile('g++', [
    '-std=c++20',
    '-fvisibility=hidden',
    '-DNAPI_VERSION=9',
    '-DNAPI_DISABLE_CPP_EXCEPTIONS',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    '-DNODE_GYP_MODULE_NAME=better_sqlite3',
    `-I${join(headers, 'include')}`,
    `-I${join(TREE, 'node_modules', 'node-addon-api')}`,
    '-Ideps/sqlite3',
    '-shared',
    'src/better_sqlite3.cpp',
    'sqlite3.o',
    ...['-Wl,-Bsymbolic', '-ldl', '-lm', '-lpthread', '-o', 'driver.node'],
  ])
  renameSync(join(source, 'driver.node'), target)
}

/** Copies the sources of the driver's package and adapts them to Node-API 9. */
export function copyAdapted(driver: string, target: string): void {
  for (const folder of ['src', 'deps']) cpSync(join(driver, folder), join(target, folder), { recursive: true })
  for (const [file, before, after] of REPLACEMENTS) replace(join(target, 'src', file), before, after)
}

function replace(path: string, before: string, after: string): void {
  const text = readFileSync(path, 'utf8')
  if (!text.includes(before))
    throw new Error(`The driver's source ${path} no longer contains "${before}". Adapt the replacements.`)
  writeFileSync(path, text.replaceAll(before, after))
}

/** Returns the compiler's options with which the driver builds its SQLite. */
function sqliteDefinitions(gypi: string): string[] {
  return [...gypi.matchAll(/'((?:HAVE|SQLITE)_[^']+)'/g)].map(([, definition]) => `-D${definition}`)
}
