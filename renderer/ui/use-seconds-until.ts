import { useEffect, useState } from 'react'

const TICK = 250

/** Whole seconds left until `until` (ms since the epoch), counted down; null where there is nothing to wait for or it is over. */
export function useSecondsUntil(until: number | null | undefined): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (typeof until !== 'number') return undefined
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }, TICK)
    return () => clearInterval(timer)
  }, [until])
  return typeof until === 'number' && until > now ? Math.ceil((until - now) / 1000) : null
}
