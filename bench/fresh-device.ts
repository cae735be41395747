import { BenchDevice } from './bench-device.ts'
import { peakMb } from './bench-server.ts'

/** Joins with a new device in a separate process, and prints time, memory and bytes as a line of JSON. */
const [folder = '', url = ''] = process.argv.slice(2)
const device = new BenchDevice(folder)
const begin = performance.now()
await device.join(url)
const wholeMs = performance.now() - begin
const snapshotMs = performance.now() - device.snapshotAt
const { calls } = await device.api.workspace.status()
process.stdout.write(`${JSON.stringify({ wholeMs, snapshotMs, calls, bytes: device.bytes, peakMb: peakMb(process.pid) })}\n`)
await device.close()
