import { useEffect, useState } from 'react'
import { localDay, periodRange } from '../../core/time-range.ts'
import type { PeriodContext } from '../format/period-choice.ts'
import { useSession } from '../features/session/session-context.ts'

/** Looked at this often, so that a machine that slept over midnight wakes to the new day. */
const LOOK_EVERY = 30_000

/** The running day of the client's zone, with what periods are built from. The same object until the day or the settings change. */
export function useToday(): PeriodContext {
  const { time_zone: zone, week_start: weekStart } = useSession().settings
  const [day, setDay] = useState(() => localDay(Date.now(), zone))
  useEffect(() => {
    const look = () => setDay(localDay(Date.now(), zone))
    look()
    const timer = setInterval(look, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [zone])
  const [context, setContext] = useState<PeriodContext & { readonly day: string }>(() => contextOf(day, zone, weekStart))
  if (context.day === day && context.zone === zone && context.weekStart === weekStart) return context
  const next = contextOf(day, zone, weekStart)
  setContext(next)
  return next
}

function contextOf(day: string, zone: string, weekStart: number): PeriodContext & { readonly day: string } {
  return { day, zone, weekStart, now: periodRange('today', Date.now(), zone, weekStart).from }
}
