import { useEffect, useState } from 'react'

/** The clock is read this often, ms. */
const READ_EVERY = 15_000

/** Returns the current time, ms UTC, and renders again when it was read again. */
export function useClock(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), READ_EVERY)
    return () => clearInterval(timer)
  }, [])
  return now
}
