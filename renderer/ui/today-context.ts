import { createContext, use } from 'react'
import type { PeriodContext } from '../format/period-choice.ts'

export const TodayContext = createContext<PeriodContext | undefined>(undefined)

/** Returns the current day, with the time zone and the start of the week from which periods are computed. */
export function useToday(): PeriodContext {
  const today = use(TodayContext)
  if (today === undefined) throw new Error('useToday outside TodayContext')
  return today
}
