import { useEffect, useState } from 'react'

/** Whole seconds left until `until` (ms since the epoch), counted down; null where there is nothing to wait for or it is over. */
export function useSecondsUntil(until: number | null | undefined): number | null {
  const [now, setNow] = useState(() => Date.now())
  const waiting = typeof until === 'number' && until > now
  useEffect(() => {
    setNow(Date.now())
    if (typeof until !== 'number') return undefined
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [until])
  return waiting ? Math.ceil((until - now) / 1000) : null
}
