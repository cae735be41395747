import { parseArgs } from 'node:util'
import { destination, pino } from 'pino'
import { startSyncServer } from './server.ts'

/** Characters; a shorter publish key can be guessed over the network. */
const KEY_LENGTH = 16

const USAGE = `Usage: sync-server --data=DIR [--port=N] [--host=ADDRESS] [--proxies=N] [--log=LEVEL]
  --data     folder for the server's database; created if absent
  --port     port to listen on; 0 for any free port (default 7480)
  --host     address to listen on (default 127.0.0.1); for TLS, put a proxy in front of the server
  --proxies  number of proxies in front of the server (default 0)
  --log      log level of pino (default info); logs go to standard error
Set PROPAGANDA_PUBLISH_KEY to the key for publishing workspaces. Without it, the server accepts no publications.`

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function number(name: string, text: string, max: number): number {
  const value = Number(text)
  return Number.isInteger(value) && value >= 0 && value <= max
    ? value
    : fail(`--${name} must be a whole number from 0 to ${max}\n${USAGE}`)
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        port: { type: 'string', default: '7480' },
        host: { type: 'string', default: '127.0.0.1' },
        proxies: { type: 'string', default: '0' },
        log: { type: 'string', default: 'info' },
      },
    })
    return values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

const { data, port, host, proxies, log: level } = readOptions()
const publishKey = process.env['PROPAGANDA_PUBLISH_KEY'] ?? ''
const log = pino(
  { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
  destination({ fd: 2, sync: true }),
)
if (publishKey !== '' && publishKey.length < KEY_LENGTH) log.warn({ event: 'weak_publish_key', atLeast: KEY_LENGTH })

const server = await startSyncServer({
  dataDir: data ?? fail(USAGE),
  host,
  port: number('port', port, 65_535),
  publishKey: publishKey === '' ? null : publishKey,
  proxies: number('proxies', proxies, 10),
  log,
}).catch((error: unknown) => fail(`The server could not start: ${error instanceof Error ? error.message : String(error)}`))

let stopping = false
const stop = (signal: NodeJS.Signals) => {
  if (stopping) return
  stopping = true
  log.info({ event: 'stopping', signal })
  server.close().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ event: 'stop_failed', error: error instanceof Error ? error.name : 'unknown' })
      process.exit(1)
    },
  )
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.stdout.write(`Propaganda sync server ready at ${server.url}\n`)
