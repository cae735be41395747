import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'
import { useSession } from '../session/session-context.ts'

/** The application is told of input at most this often, ms. */
const TOUCH_EVERY = 30_000
const INPUTS = ['keydown', 'compositionupdate', 'pointerdown', 'pointermove', 'wheel'] as const

/**
 * Tells the application that a person uses the window. After an idle time as long as the client's settings allow it reads the session again,
 * because the application locks by itself, and the event about it may be lost. The computer's clock may be set meanwhile, so it is not used.
 */
export function useIdleTouch(): void {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const idleAfter = useSession().settings.idle_lock_minutes * 60_000

  useEffect(() => {
    let touched = Number.NEGATIVE_INFINITY
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => void queries.invalidateQueries({ queryKey: query.session.key() })
    function onInput() {
      const now = performance.now()
      if (now - touched < TOUCH_EVERY) return
      touched = now
      clearTimeout(timer)
      timer = setTimeout(look, idleAfter + 1_000)
      // A session that has ended says so on the next real request.
      api.session.touch().catch(() => {})
    }
    for (const input of INPUTS) window.addEventListener(input, onInput, { passive: true, capture: true })
    return () => {
      clearTimeout(timer)
      for (const input of INPUTS) window.removeEventListener(input, onInput, { capture: true })
    }
  }, [api, queries, query, idleAfter])
}
