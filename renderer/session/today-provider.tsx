import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { localDay, periodRange } from '../../core/time/time-range.ts'
import type { PeriodContext } from '../format/period-choice.ts'
import { TodayContext } from '../ui/today-context.ts'
import { useSession } from './session-context.ts'

/** The day is read this often, ms, so that a computer that slept over midnight shows the new day. */
const READ_EVERY = 30_000

/** Provides the current day of the client's zone. The value stays the same object until the day or the settings change. */
export function TodayProvider({ children }: { readonly children: ReactNode }) {
  const { time_zone: zone, week_start: weekStart } = useSession().settings
  const [day, setDay] = useState(() => localDay(Date.now(), zone))
  useEffect(() => {
    const read = () => setDay(localDay(Date.now(), zone))
    read()
    const timer = setInterval(read, READ_EVERY)
    return () => clearInterval(timer)
  }, [zone])
  const [context, setContext] = useState(() => contextOf(day, zone, weekStart))
  const isCurrent = context.day === day && context.zone === zone && context.weekStart === weekStart
  const current = isCurrent ? context : contextOf(day, zone, weekStart)
  if (!isCurrent) setContext(current)
  return <TodayContext value={current}>{children}</TodayContext>
}

function contextOf(day: string, zone: string, weekStart: number): PeriodContext & { readonly day: string } {
  return { day, zone, weekStart, now: periodRange('today', Date.now(), zone, weekStart).from }
}
