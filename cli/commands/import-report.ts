import type { ImportChange, ImportReport } from '../../core/contract/imports.ts'
import { CALL_FIELD_LABELS, isCallField } from '../../core/model/call-fields.ts'
import { spellField } from '../values/call-text.ts'
import { describeUsages } from './import-columns.ts'
import { describeLines } from './import-reading.ts'
import { printable, record, table } from '../terminal/output.ts'

/** The most groups of equal refusals, changed calls, and lines per group that are printed. The file of `--refused` has all refused rows. */
const SHOWN = 20
const SHOWN_LINES = 5

const asNamed = (name: string) => name
/** People and loss reasons come by name. */
const NAMED = { user: asNamed, lossReason: asNamed }

function fieldName(field: string): string {
  if (field === 'prospectName') return 'name'
  return isCallField(field) ? CALL_FIELD_LABELS[field].toLowerCase() : field
}

function spell(field: string, value: string | number | null, zone: string): string {
  if (value === null) return '(empty)'
  return isCallField(field) ? spellField(field, value, NAMED, zone) : String(value)
}

function describeChanges({ dryRun, updated, otherCalls, changes }: ImportReport, zone: string): string {
  if (changes.length === 0) return ''
  const shown = changes.slice(0, SHOWN)
  const rows = shown.flatMap(({ line, prospectName, fields, isAnotherCall }: ImportChange) =>
    fields.map(({ field, before, after }) => [
      String(line),
      prospectName,
      fieldName(field),
      spell(field, before, zone),
      spell(field, after, zone),
      isAnotherCall ? 'another call?' : '',
    ]),
  )
  const rest = updated > shown.length ? `\n… and ${updated - shown.length} more` : ''
  const hint = dryRun
    ? `\n\n${updated} ${updated === 1 ? 'call exists and would be changed' : 'calls exist and would be changed'}. Import with --overwrite to change them. Without it they are kept and their rows are refused.`
    : ''
  const doubt =
    otherCalls === 0
      ? ''
      : `\n${otherCalls} of the rows have another time than the existing call with the same row id. If they are different calls, remove “externalId” from the map and import with --map.`
  return `\n\n${table(['Line', 'Prospect', 'Field', 'Before', 'After', ''], rows)}${rest}${hint}${doubt}`
}

function describeListed({ dryRun, doNotCall, doNotCallRows }: ImportReport): string {
  if (doNotCall === 0) return ''
  const lines = doNotCallRows.slice(0, SHOWN).map(({ line, prospectName }) => [String(line), prospectName])
  const rest = doNotCall > lines.length ? `\n… and ${doNotCall - lines.length} more` : ''
  const what = doNotCall === 1 ? '1 row schedules an outbound call' : `${doNotCall} rows schedule outbound calls`
  const hint = dryRun ? 'They would be imported like the others.' : 'They were imported like the others.'
  return `\n\n${what} with prospects who are on the do-not-call list. ${hint}\n${table(['Line', 'Prospect'], lines)}${rest}`
}

function describeRefusals({ groups, refused }: ImportReport): string {
  if (groups.length === 0) return ''
  const rest =
    groups.length > SHOWN ? `\n… ${refused} rows were refused. Use --refused FILE to write all of them with their reasons.` : ''
  return `\n\n${table(
    ['Rows', 'Lines', 'Column', 'Value', 'Why'],
    groups
      .slice(0, SHOWN)
      .map(({ count, lines, column, value, message }) => [
        String(count),
        `${lines.slice(0, SHOWN_LINES).join(', ')}${count > SHOWN_LINES ? ', …' : ''}`,
        column ?? '',
        value ?? '',
        message,
      ]),
  )}${rest}`
}

/** @param zone the client's time zone. */
export function describeReport(report: ImportReport, zone: string): string {
  const would = report.dryRun ? ' (dry run, nothing was written)' : ''
  const facts = record([
    [
      'Rows',
      `${report.rows}${would}${report.cancelled ? ', then it was cancelled; import the same file again to continue' : ''}`,
    ],
    ['Created', String(report.created)],
    ['Updated', String(report.updated)],
    ['Unchanged', String(report.unchanged)],
    ['Refused', String(report.refused)],
    ['Lines', report.lineAccount === null ? null : describeLines(report.lineAccount)],
    ['New agents', report.createdUsers.length === 0 ? null : report.createdUsers.join(', ')],
    ['New reasons', report.createdLossReasons.length === 0 ? null : report.createdLossReasons.join(', ')],
    [
      'Import',
      report.dryRun || report.created + report.updated === 0 ? null : `${report.importId} (to undo it, run “import undo”)`,
    ],
  ])
  const notes = report.notes.map(({ message }) => `\n! ${printable(message)}`).join('')
  const usages = `\n\nHow the columns were used:\n${describeUsages(report.columns)}`
  return `${facts}${notes === '' ? '' : `\n${notes}`}${describeListed(report)}${usages}${describeChanges(report, zone)}${describeRefusals(report)}`
}
