import type { Migration } from '../../platform/sqlite/migrate.ts'
import { sql as firstSchema } from './0001-first-schema.ts'
import { sql as forgetLines } from './0002-forget-lines.ts'
import { sql as syncRefusals } from './0003-sync-refusals.ts'
import { sql as aliases } from './0004-aliases.ts'
import { sql as handovers } from './0005-handovers.ts'
import { sql as signInAddresses } from './0006-sign-in-addresses.ts'
import { sql as restoredCalls } from './0007-restored-calls.ts'
import { sql as leftCalls } from './0008-left-calls.ts'
import { sql as callDerivation } from './0009-call-derivation.ts'
import { sql as importLines } from './0010-import-lines.ts'
import { sql as syncNames } from './0011-sync-names.ts'
import { sql as reportTotals } from './0012-report-totals.ts'
import { sql as userSettings } from './0013-user-settings.ts'
import { sql as teamCells } from './0014-team-cells.ts'
import { sql as sameProspect } from './0015-same-prospect.ts'
import { sql as creationIndex } from './0016-creation-index.ts'
import { sql as everyoneTotals } from './0017-everyone-totals.ts'
import { sql as followedCalls } from './0018-followed-calls.ts'
import { sql as scheduledCalls } from './0019-scheduled-calls.ts'
import { sql as doNotCall } from './0020-do-not-call.ts'
import { sql as searchNames } from './0021-search-names.ts'
import { sql as everyoneHours } from './0022-everyone-hours.ts'
import { sql as noShows } from './0023-no-shows.ts'

/** Append-only: a released migration is never edited, because existing databases have run it. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'first-schema', sql: firstSchema },
  { version: 2, name: 'forget-lines', sql: forgetLines },
  { version: 3, name: 'sync-refusals', sql: syncRefusals },
  { version: 4, name: 'aliases', sql: aliases },
  { version: 5, name: 'handovers', sql: handovers },
  { version: 6, name: 'sign-in-addresses', sql: signInAddresses },
  { version: 7, name: 'restored-calls', sql: restoredCalls },
  { version: 8, name: 'left-calls', sql: leftCalls },
  { version: 9, name: 'call-derivation', sql: callDerivation },
  { version: 10, name: 'import-lines', sql: importLines },
  { version: 11, name: 'sync-names', sql: syncNames },
  { version: 12, name: 'report-totals', sql: reportTotals },
  { version: 13, name: 'user-settings', sql: userSettings },
  { version: 14, name: 'team-cells', sql: teamCells },
  { version: 15, name: 'same-prospect', sql: sameProspect },
  { version: 16, name: 'creation-index', sql: creationIndex },
  { version: 17, name: 'everyone-totals', sql: everyoneTotals },
  { version: 18, name: 'followed-calls', sql: followedCalls },
  { version: 19, name: 'scheduled-calls', sql: scheduledCalls },
  { version: 20, name: 'do-not-call', sql: doNotCall },
  { version: 21, name: 'search-names', sql: searchNames },
  { version: 22, name: 'everyone-hours', sql: everyoneHours },
  { version: 23, name: 'no-shows', sql: noShows },
]

export const SCHEMA_VERSION = MIGRATIONS.length
