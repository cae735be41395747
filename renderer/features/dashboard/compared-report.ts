import { createContext } from 'react'
import type { ReportFilter, ReportPage } from '../../../core/contract/reports.ts'

/** The report that contains a change, and its filter: people and types of both periods. */
export type ComparedReport = { readonly report: ReportPage; readonly filter: ReportFilter }

export const ComparedReportContext = createContext<ComparedReport | null>(null)
