import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'
import { useSession } from '../session/session-context.ts'

/** The shortest time between two reports of input, ms. */
const TOUCH_EVERY = 30_000
const INPUTS = ['keydown', 'compositionupdate', 'pointerdown', 'pointermove', 'wheel'] as const

/**
 * Reports to the application that a person uses the window. After the client's idle time it reads the session again, because the
 * application locks by itself and the event may be lost. It uses a monotonic clock, because the computer's clock may be set meanwhile.
 */
export function useIdleTouch(): void {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const idleAfter = useSession().settings.idle_lock_minutes * 60_000

  useEffect(() => {
    let touched = Number.NEGATIVE_INFINITY
    let timer: ReturnType<typeof setTimeout> | undefined
    const readSession = () => void queries.invalidateQueries({ queryKey: query.session.key() })
    function onInput() {
      const now = performance.now()
      if (now - touched < TOUCH_EVERY) return
      touched = now
      clearTimeout(timer)
      timer = setTimeout(readSession, idleAfter + 1_000)
      // The next other request reports a session that has ended.
      api.session.touch().catch(() => {})
    }
    for (const input of INPUTS) window.addEventListener(input, onInput, { passive: true, capture: true })
    return () => {
      clearTimeout(timer)
      for (const input of INPUTS) window.removeEventListener(input, onInput, { capture: true })
    }
  }, [api, queries, query, idleAfter])
}
