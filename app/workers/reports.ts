import { serve } from '../../platform/threads/serve.ts'
import { makeReportFile, type ReportFileChoice } from '../reports/report-file.ts'

serve((body) => makeReportFile(body as ReportFileChoice))
