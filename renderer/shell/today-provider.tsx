import { useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { localDay, startOfLocalDay } from '../../core/time/time-range.ts'
import { TodayContext } from '../ui/today-context.ts'
import { useSession } from '../session/session-context.ts'

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
  const context = useMemo(() => ({ now: startOfLocalDay(day, zone), zone, weekStart }), [day, zone, weekStart])
  return <TodayContext value={context}>{children}</TodayContext>
}
