import { explainError } from '../api/explain-error.ts'
import { notifyProblem } from '../ui/notify.tsx'

/** Shows an error: what happened, what was kept and what to do. */
export function notifyError(error: unknown): void {
  const { title, detail } = explainError(error)
  notifyProblem(title, detail)
}
