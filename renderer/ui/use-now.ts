import { useSyncExternalStore } from 'react'

/** How exactly the time is shown, ms. */
const STEP = 10_000

const steps = () => Math.floor(Date.now() / STEP) * STEP

function everyStep(onStep: () => void): () => void {
  const interval = setInterval(onStep, STEP)
  return () => clearInterval(interval)
}

/** Returns the present time to ten seconds, ms since the epoch. The component renders again when it changes. */
export function useNow(): number {
  return useSyncExternalStore(everyStep, steps)
}
