import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseStartOptions, UsageError } from './options.ts'

test('nothing given: any shell, a window, any port, the usual home', () => {
  expect(parseStartOptions([], '/work')).toEqual({ shell: 'auto', open: true, port: 0, home: undefined, help: false })
})

test('the documented spellings', () => {
  const options = parseStartOptions(['--shell=loopback', '--no-open', '--port=4711', '--home=data'], '/work')
  expect(options).toEqual({ shell: 'loopback', open: false, port: 4711, home: resolve('/work', 'data'), help: false })
  expect(parseStartOptions(['--home', '/srv/data', '--shell', 'electron'], '/work')).toMatchObject({
    home: '/srv/data',
    shell: 'electron',
  })
})

test.each([
  ['--shell=chrome'],
  ['--port=x'],
  ['--port=-1'],
  ['--port=70000'],
  ['--port=1.5'],
  ['--home='],
  ['--colour'],
  ['stray'],
])('a mistake is told in words: %s', (argument) => {
  expect(() => parseStartOptions([argument], '/work')).toThrow(UsageError)
})
