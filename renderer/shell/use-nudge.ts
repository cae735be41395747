import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'

/** Syncs at once, without the rest of the back-off, when the window becomes visible or the network is back (S20). */
export function useNudge(): void {
  const { api } = useApi()
  useEffect(() => {
    // Best effort: it fails if the application is not reached or no one is signed in.
    const nudge = () => void api.sync.nudge().catch(() => {})
    const nudgeIfVisible = () => {
      if (document.visibilityState === 'visible') nudge()
    }
    window.addEventListener('online', nudge)
    document.addEventListener('visibilitychange', nudgeIfVisible)
    return () => {
      window.removeEventListener('online', nudge)
      document.removeEventListener('visibilitychange', nudgeIfVisible)
    }
  }, [api])
}
