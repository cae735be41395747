import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseStartOptions, UsageError } from './options.ts'

test('the defaults are any shell, a window, any port and the default home', () => {
  expect(parseStartOptions([], '/work')).toEqual({ shell: 'auto', open: true, port: 0, home: undefined, help: false })
})

test('all documented options are accepted', () => {
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
])('a wrong option is refused with a message: %s', (argument) => {
  expect(() => parseStartOptions([argument], '/work')).toThrow(UsageError)
})
