import { BenchDevice } from './bench-device.ts'

/**
 * Runs a device in a separate process. It joins, and prints when a change of calls is in its file (ns of the machine's monotonic clock).
 */
const [folder = '', url = ''] = process.argv.slice(2)
const device = new BenchDevice(folder, true)
const abort = new AbortController()
process.once('message', () => abort.abort())
await device.join(url)
await device.api.sync.now()
const events = await device.api.events.subscribe(undefined, { signal: abort.signal })
process.send?.('ready')
try {
  for await (const event of events)
    if (event.kind === 'changed' && event.tables.includes('calls')) process.send?.(String(process.hrtime.bigint()))
} catch (error) {
  if (!abort.signal.aborted) throw error
}
await device.close()
process.disconnect()
