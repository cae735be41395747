import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { untranslated } from './untranslated.ts'

const IMPORTS = `import { msg, plural, t } from '@lingui/core/macro'\nimport { Plural, Trans as Words } from '@lingui/react/macro'\n`
const texts = (code: string) => untranslated('example.tsx', `${IMPORTS}${code}`).map(({ line, text }) => `${line - 2}: ${text}`)

test('a text between tags, in an attribute, in a member or in a call is found, with its line', () => {
  expect(texts('const a = <b>Save\n  it</b>')).toEqual(['1: Save it'])
  expect(texts('const a = <>\n{open ? `Close ${name}` : "Open"}</>')).toEqual(['2: Close …', '2: Open'])
  expect(texts('const a = <C aria-label="Close" className="close now" />')).toEqual(['1: Close'])
  expect(texts('const a = <C label={name ?? "None"} />')).toEqual(['1: None'])
  expect(texts('const a = { label: "Calls", key: "calls" }')).toEqual(['1: Calls'])
  expect(texts('notifyDone(`Call with ${name} saved`)')).toEqual(['1: Call with … saved'])
  expect(texts('const why = () => "No access: ask an admin"')).toEqual(['1: No access: ask an admin'])
})

test('an attribute within a macro is not part of its message', () => {
  expect(texts('const a = <Words>Ask or <A title="Home">go</A></Words>')).toEqual(['1: Home'])
  expect(texts('const a = <Words>Ask {who ?? "them"}</Words>')).toEqual(['1: them'])
})

test('macros, errors for the log, types and technical texts are not reported', () => {
  expect(texts('const a = <Words>Only <b>{name}</b> can do it.</Words>')).toEqual([])
  expect(texts('const a = t`Save it now` + plural(n, { one: "# call left", other: "# calls left" })')).toEqual([])
  expect(texts('const a = { label: msg`Calls`, title: t({ message: "The calls", context: "list" }) }')).toEqual([])
  expect(texts('const a = <Plural value={n} one="# call" other="# calls" />')).toEqual([])
  expect(texts('const a = { label: /*i18n*/ { id: "action.new", message: "New call" } }')).toEqual([])
  expect(texts('const a = must(x, "the call is loaded"); throw new Error("It is not loaded yet")')).toEqual([])
  expect(texts('type A = "two words" | { label: "Call" }')).toEqual([])
  expect(texts('const a = <C placeholder="https://" key={`${a} ${b}`} title={title} />')).toEqual([])
})

test('a function with the name of a macro is not a macro', () => {
  expect(untranslated('example.ts', 'const a = plural(2, "more call left")')).toEqual([{ line: 1, text: 'more call left' }])
})

test('every text of the window is in a macro', () => {
  const files = globSync('renderer/**/*.{ts,tsx}', { cwd: TREE }).filter((file) => !/\.(?:test|d)\.tsx?$/.test(file))
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((file) =>
    untranslated(file, readFileSync(join(TREE, file), 'utf8')).map(({ line, text }) => `${file}:${line}: ${text}`),
  )
  expect(found).toEqual([])
})
