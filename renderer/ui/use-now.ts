import { useSyncExternalStore } from 'react'

/** How exactly the time is shown, ms. */
const STEP = 10_000

const steps = () => Math.floor(Date.now() / STEP) * STEP

/** The components that show the time. They share one interval. */
const shown = new Set<() => void>()
let interval: ReturnType<typeof setInterval> | undefined

function everyStep(onStep: () => void): () => void {
  // Several uses in one component may pass the same function.
  const own = () => onStep()
  shown.add(own)
  interval ??= setInterval(() => {
    for (const show of shown) show()
  }, STEP)
  return () => {
    shown.delete(own)
    if (shown.size > 0) return
    clearInterval(interval)
    interval = undefined
  }
}

/** Returns the present time to ten seconds, ms since the epoch. The component renders again when it changes. */
export function useNow(): number {
  return useSyncExternalStore(everyStep, steps)
}
