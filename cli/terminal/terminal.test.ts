import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { secretSource } from './terminal.ts'

function piped(isTTY = false) {
  const stream = Object.assign(new PassThrough(), { isTTY, setRawMode: vi.fn<(raw: boolean) => void>() })
  return { stream, source: secretSource(stream as unknown as NodeJS.ReadStream) }
}

test('lines are read from one piece, from many pieces, and without a final line end', async () => {
  const { stream, source } = piped()
  stream.write('first\r\nsec')
  expect(await source.secretLine()).toBe('first')
  setTimeout(() => stream.end('ond\nthird'), 5)
  expect(await source.secretLine()).toBe('second')
  expect(await source.secretLine()).toBe('third')
  expect(await source.secretLine()).toBeUndefined()
})

test('an end of input before the second read is not missed', async () => {
  const { stream, source } = piped()
  stream.end('only\n')
  expect(await source.secretLine()).toBe('only')
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await source.secretLine()).toBeUndefined()
})

test.each(['\r', '\u2028', '\u2029', '\v', '\f', '\u0085'])('%j in a piped password does not end it', async (character) => {
  const { stream, source } = piped()
  stream.end(`pass${character}word\r\nsecond${character}`)
  expect(await source.secretLine()).toBe(`pass${character}word`)
  expect(await source.secretLine()).toBe(`second${character}`)
})

test('a character and a CRLF that arrive in two pieces are read whole', async () => {
  const { stream, source } = piped()
  const bytes = Buffer.from('pässword\r\nnext\n')
  stream.write(bytes.subarray(0, 2))
  const line = source.secretLine()
  await new Promise((resolve) => setTimeout(resolve, 5))
  stream.write(bytes.subarray(2, 10))
  await new Promise((resolve) => setTimeout(resolve, 5))
  stream.end(bytes.subarray(10))
  expect(await line).toBe('pässword')
  expect(await source.secretLine()).toBe('next')
})

test('a byte order mark before the first line is not part of the password', async () => {
  const { stream, source } = piped()
  stream.write(Buffer.from([0xef, 0xbb]))
  const line = source.secretLine()
  await new Promise((resolve) => setTimeout(resolve, 5))
  stream.end(Buffer.from([0xbf, ...Buffer.from('first\n\uFEFFsecond\n')]))
  expect(await line).toBe('first')
  expect(await source.secretLine()).toBe('\uFEFFsecond')
})

test('a line of 64 KB is read, and a longer one is refused before it ends', async () => {
  const { stream, source } = piped()
  stream.write(`${'x'.repeat(65_536)}\n`)
  expect(await source.secretLine()).toHaveLength(65_536)
  for (let n = 0; n < 2; n++) stream.write('y'.repeat(40_000))
  await expect(source.secretLine()).rejects.toThrow(/longer than 64 KB/)
})

test('waiting for a pipe without input ends after a minute', async () => {
  vi.useFakeTimers()
  try {
    const { source } = piped()
    const [given] = await Promise.allSettled([source.secretLine(), vi.advanceTimersByTimeAsync(61_000)])
    expect(given).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('within a minute') } })
  } finally {
    vi.useRealTimers()
  }
})

test('on a terminal nothing is echoed, Backspace works, and Enter ends the input', async () => {
  const { stream, source } = piped(true)
  const line = source.secretLine()
  for (const key of ['s', 'e', 'ü', '\u007f', 'c', '\r']) stream.write(key)
  expect(await line).toBe('sec')
  expect(stream.setRawMode.mock.calls).toEqual([[true], [false]])
})

test('on a terminal the keys of a line editor do not become part of the password', async () => {
  const { stream, source } = piped(true)
  const line = source.secretLine()
  for (const key of ['w', '\u0015', 's', 'c', '\u001b[D', 'e', '\u001b[C', '\u{1f600}', '\u007f', '\r']) stream.write(key)
  expect(await line).toBe('sec')
})

test('Ctrl+D at an empty prompt is the end of the input', async () => {
  const { stream, source } = piped(true)
  const line = source.secretLine()
  stream.write('\u0004')
  expect(await line).toBeUndefined()
  expect(stream.setRawMode.mock.lastCall).toEqual([false])
})

test('a second prompt on a terminal reads the next line', async () => {
  const { stream, source } = piped(true)
  const first = source.secretLine()
  stream.write('one\r')
  expect(await first).toBe('one')
  const second = source.secretLine()
  stream.write('two\r')
  expect(await second).toBe('two')
})

test('Ctrl+C at the prompt ends the command', async () => {
  const { stream, source } = piped(true)
  const line = source.secretLine()
  stream.write('se\u0003')
  await expect(line).rejects.toThrow('Interrupted')
  expect(stream.setRawMode.mock.lastCall).toEqual([false])
})
