import { useEffect, useState } from 'react'
import { msLeft, type Deadline } from './deadline.ts'

const TICK = 250

/** Returns the whole seconds until `deadline`, counted down; null without a deadline and after it. */
export function useSecondsUntil(deadline: Deadline | null | undefined): number | null {
  const [, tick] = useState(0)
  useEffect(() => {
    if (deadline === null || deadline === undefined) return undefined
    const timer = setInterval(() => {
      tick((count) => count + 1)
      if (msLeft(deadline) <= 0) clearInterval(timer)
    }, TICK)
    return () => clearInterval(timer)
  }, [deadline])
  const left = deadline === null || deadline === undefined ? 0 : msLeft(deadline)
  return left > 0 ? Math.ceil(left / 1_000) : null
}
