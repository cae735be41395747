import { useEffect, useState } from 'react'

/** The clock is read this often, ms. */
const READ_EVERY = 15_000

/** Returns the present time, ms since the epoch, which follows the clock by up to 15 s. */
export function useClock(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), READ_EVERY)
    return () => clearInterval(timer)
  }, [])
  return now
}
