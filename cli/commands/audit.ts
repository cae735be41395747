import type { Command } from 'commander'
import { AUDIT_ACTIONS, type AuditAction, type AuditEntry, type TrailEntry } from '../../core/model/audit.ts'
import { fieldOfColumn } from '../../core/model/call-fields.ts'
import { spellField } from '../values/call-text.ts'
import { countArgument, listArgument, rangeOf } from '../values/arguments.ts'
import { UsageError } from '../terminal/failure.ts'
import { spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'

type ListOptions = GlobalOptions & {
  readonly record?: string
  readonly table?: string
  readonly user?: string
  readonly action?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly limit: number
  readonly after?: string
}

/** Names by id, for printing. */
export type TrailNames = {
  readonly user: (id: string) => string
  readonly lossReason: (id: string | null) => string
  readonly client: string
}

/** Columns that only identify the record of the line. */
const IDENTITY = new Set(['id', 'client_id'])
const TIMES = new Set(['created_at', 'updated_at', 'last_login'])

function valueText(column: string, value: string | number | null | undefined, names: TrailNames, zone: string): string {
  if (value === null || value === undefined) return '–'
  const field = fieldOfColumn(column)
  if (field !== undefined) return spellField(field, value, names, zone)
  if (typeof value === 'number' && TIMES.has(column)) return spellTime(value, zone)
  return EVENT_VALUES[column]?.[value] ?? String(value)
}

/** Texts for values of events, by column. */
const EVENT_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  unlock: { 1: 'yes' },
  cancelled: { 0: 'no', 1: 'yes' },
  undone: { 1: 'yes' },
  reason: {
    password: 'wrong password',
    no_password: 'no password was set',
    deactivated: 'the account is deactivated',
    sign_out: 'signed out by the person',
    lock_screen: 'signed out at the lock screen',
    expired: 'the session ended',
  },
}

/** Returns `status: scheduled → completed` for each changed column. */
function changes({ oldValues, newValues }: AuditEntry, names: TrailNames, zone: string): string {
  const columns = new Set([...Object.keys(oldValues ?? {}), ...Object.keys(newValues ?? {})])
  const parts = [...columns].flatMap((column) => {
    if (IDENTITY.has(column)) return []
    const next = valueText(column, newValues?.[column], names, zone)
    if (oldValues === null) return [`${column}: ${next}`]
    return [`${column}: ${valueText(column, oldValues[column], names, zone)} → ${next}`]
  })
  return parts.join('; ')
}

/** Returns the record's name, or its id if it has no name. Calls have none, and the commands for calls need the id. */
function recordText({ tableName, recordId }: AuditEntry, names: TrailNames): string {
  if (tableName === 'users') return names.user(recordId)
  if (tableName === 'loss_reasons') return names.lossReason(recordId)
  return tableName === 'clients' ? names.client : recordId
}

const OFFLINE = 'Offline: only changes recorded on this device. Connect to see the full trail.'

export function auditTable(entries: readonly TrailEntry[], names: TrailNames, zone: string): string {
  const rows = entries.map((entry) => [
    spellTime(entry.createdAt, zone),
    entry.userId === null ? '' : names.user(entry.userId),
    entry.isWaiting ? `${entry.action} (waiting to be sent)` : entry.action,
    entry.tableName,
    recordText(entry, names),
    changes(entry, names, zone),
  ])
  return table(['When', 'Who', 'Action', 'Table', 'Record', 'Changes'], rows)
}

function actionsOf(texts: readonly string[] | undefined): AuditAction[] | undefined {
  return texts?.map((text) => {
    const found = AUDIT_ACTIONS.find((action) => action === text.toUpperCase().replaceAll('-', '_'))
    if (found === undefined) throw new UsageError(`--action: “${text}” is not an action. Use one of ${AUDIT_ACTIONS.join(', ')}.`)
    return found
  })
}

export function addAuditCommands(program: Command, runner: Runner): void {
  program
    .command('audit')
    .description('show who changed what, and when')
    .command('list')
    .description('list the audit trail, newest first')
    .option('--record <id>', 'lines of one record')
    .option('--table <name>', 'lines of one table')
    .option('--user <who>', 'lines of changes by one person')
    .option('--action <actions>', 'INSERT, UPDATE, DELETE, LOGIN, IMPORT, …', listArgument)
    .option('--from <time>')
    .option('--to <time>')
    .option('--limit <n>', 'number of lines, at most 500', countArgument, 100)
    .option('--after <cursor>', 'continue after a page; use its “next”')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>()
      const actions = actionsOf(options.action)
      await runner.signedIn(options, async ({ api, out, lookup, zone }) => {
        const { record, user, limit } = options
        const page = await api.audit.list({
          ...rangeOf(options, zone),
          ...(record === undefined ? {} : { recordId: record }),
          ...(options.table === undefined ? {} : { tableName: options.table }),
          ...(user === undefined ? {} : { userId: await lookup.user(user) }),
          ...(actions === undefined ? {} : { actions }),
          after: options.after ?? null,
          limit,
        })
        const names = await lookup.names()
        out.result(page, () => {
          const shown = auditTable(page.rows, names, zone)
          return page.coverage === 'complete' ? shown : `${OFFLINE}\n\n${shown}`
        })
      })
    })
}
