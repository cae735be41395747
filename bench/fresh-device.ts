import { BenchDevice } from './bench-device.ts'
import { peakMb } from './bench-server.ts'

/** A device of its own, in a process of its own, that joins and takes the snapshot. Prints what it took as a line of JSON. */
const [folder = '', url = ''] = process.argv.slice(2)
const device = new BenchDevice(folder)
const begin = performance.now()
await device.join(url)
const wholeMs = performance.now() - begin
const snapshotMs = performance.now() - device.snapshotAt
const { calls } = await device.api.workspace.status()
process.stdout.write(`${JSON.stringify({ wholeMs, snapshotMs, calls, bytes: device.bytes, peakMb: peakMb(process.pid) })}\n`)
await device.close()
