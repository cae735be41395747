import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Starts the thread for long bodies, sends it an empty body, and prints the code of its answer. */
const SCRIPT = `
  const load = (path) => import(new URL(path, ${JSON.stringify(import.meta.url)}))
  Promise.all([load('../../platform/threads/thread.ts'), load('thread-errors.ts')]).then(async ([{ Thread }, { THREAD_ERRORS }]) => {
    const entry = new URL(${JSON.stringify(new URL('intake-thread.ts', import.meta.url).href)})
    const thread = new Thread({ entry, data: { hasLowPriority: true }, name: 'intake', errors: THREAD_ERRORS })
    const request = { kind: 'push', body: new Uint8Array(), encoding: 'identity', only: null }
    console.log(await thread.request(request).then(() => 'accepted', (error) => error.code))
    await thread.close()
  })
`
/** root may raise the priority of its processes, so the test runs the process as another user. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

test.each([0, 10, 15, 19])(
  'the thread for long bodies answers in a process of niceness %i that may not raise its priority',
  async (niceness) => {
    const args = ['-n', String(niceness), process.execPath, '-e', SCRIPT]
    const { stdout } = await promisify(execFile)('nice', args, { ...USER, cwd: '/' })
    expect(stdout.trim()).toBe('MALFORMED')
  },
)
