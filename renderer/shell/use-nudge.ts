import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'

/** The network is back, or someone looks again: the device asks the server now, and not when its wait is over (S20). */
export function useNudge(): void {
  const { api } = useApi()
  useEffect(() => {
    // Where the application is not reached or nobody is signed in there is nothing to hurry.
    const nudge = () => void api.sync.nudge().catch(() => {})
    const look = () => {
      if (document.visibilityState === 'visible') nudge()
    }
    window.addEventListener('online', nudge)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.removeEventListener('online', nudge)
      document.removeEventListener('visibilitychange', look)
    }
  }, [api])
}
