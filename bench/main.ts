import { cpus } from 'node:os'
import { benchColdStart } from './cold-start.ts'
import { benchDashboard } from './dashboard.ts'
import { benchDesk } from './desk.ts'
import { benchExport } from './export.ts'
import { benchLists } from './lists.ts'
import { benchReports } from './reports.ts'
import { benchSearch } from './search.ts'
import { benchSyncBulk, benchSyncLive, benchSyncMerge } from './sync.ts'
import { benchSyncServer } from './sync-server.ts'
import { benchToday } from './today.ts'
import { benchImport, benchOneCall } from './writes.ts'

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  'one-call': benchOneCall,
  import: benchImport,
  lists: benchLists,
  desk: benchDesk,
  search: benchSearch,
  export: benchExport,
  reports: benchReports,
  dashboard: benchDashboard,
  today: benchToday,
  'cold-start': benchColdStart,
  'sync-server': benchSyncServer,
  'sync-bulk': benchSyncBulk,
  'sync-merge': benchSyncMerge,
  'sync-live': benchSyncLive,
}

/** `npm run bench` runs all sections, `npm run bench -- lists import` only these. Times depend on the machine; ratios are comparable. */
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in SECTIONS))
if (unknown.length > 0) {
  process.stderr.write(`No section ${unknown.join(', ')}. There are: ${Object.keys(SECTIONS).join(', ')}.\n`)
  process.exitCode = 2
} else {
  process.stdout.write(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}\n`)
  for (const [name, run] of Object.entries(SECTIONS)) if (asked.length === 0 || asked.includes(name)) await run()
}
