import { createContext, use } from 'react'
import type { ReportRequest } from '../../../core/contract/reports.ts'
import type { ReportSource } from '../../../core/reports/report-facts.ts'

/** The report on the screen, for export and print. Its hours may still be loading. */
export type ShownReport = Omit<ReportSource, 'rankedBy' | 'noShows' | 'request'> & {
  readonly request: ReportRequest & { readonly knownAt: number | null }
}

const ShownReportContext = createContext<ShownReport | undefined>(undefined)
export const ShownReportProvider = ShownReportContext.Provider

export function useShownReport(): ShownReport {
  const report = use(ShownReportContext)
  if (report === undefined) throw new Error('useShownReport outside the report')
  return report
}
