import { definedOnly } from '../../core/model/common.ts'
import type { ExportedFile } from '../../core/contract/exports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { daysText } from '../../core/time/report-periods.ts'
import { Thread } from '../../platform/threads/thread.ts'
import { knownText, type ReportSource } from '../../core/reports/report-facts.ts'
import type { ReportFile, ReportFileChoice } from '../reports/report-file.ts'
import type { Signed } from '../session/sessions.ts'
import { THREAD_ERRORS } from '../workers/thread-errors.ts'
import type { Exports } from './exports.ts'

type FileInput = ProcedureInput<'reports.file'>
type PictureInput = ProcedureInput<'reports.picture'>

/** The filter of a report in the audit trail. */
function filterOf({ range, compare, userIds, callTypes, knownAt }: FileInput | PictureInput) {
  return definedOnly({ from: range.from, to: range.to, compare, userIds, callTypes, knownAt: knownAt ?? undefined })
}

/** Writes report files in a thread of their own, because a PDF takes up to a second. */
export class ReportFiles {
  readonly #thread: Thread
  readonly #exports: Exports

  constructor(options: { readonly entry: URL; readonly exports: Exports }) {
    this.#exports = options.exports
    this.#thread = new Thread({ entry: options.entry, data: null, name: 'report files', errors: THREAD_ERRORS })
  }

  /** @param readSource returns the content */
  async file(
    connection: string,
    signed: Signed,
    input: FileInput,
    readSource: () => Promise<ReportSource>,
  ): Promise<ExportedFile> {
    const { format, style, table, locale, knownAt } = input
    if (table !== null && format !== 'csv')
      throw new AppError('INVALID', sentence('report.one-table'), {
        issues: [{ path: 'format', ...sentence('report.choose-csv') }],
      })
    const source = await readSource()
    const ofDay = knownAt === null ? '' : `-known-on-${knownText(knownAt, source.page.zone).slice(0, 10)}`
    const content = {
      title: table === null ? 'report' : `report-${table.replaceAll('_', '-')}`,
      days: `${daysText(source.page.range, source.page.zone)}${ofDay}`,
      entry: { content: table === null ? 'report' : `report: ${table}`, filter: filterOf(input) },
    }
    return this.#exports.small(connection, signed, input, content, async (write) => {
      const choice: ReportFileChoice = { source, format, style, table, locale }
      const { bytes, rows } = await this.#thread.request<ReportFile>(choice)
      write(bytes)
      return rows
    })
  }

  /** Records the export of a chart as a picture. */
  async picture({ workspace, userId }: Signed, input: PictureInput): Promise<null> {
    const { chart, format, fileName, rows } = input
    return workspace.run('exports.record', userId, {
      ...{ content: `chart: ${chart}`, format, style: null, fileName, rows },
      filter: filterOf(input),
    })
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
