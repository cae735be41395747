import { startTransition, useEffect, useState } from 'react'
import type { ReactNode } from 'react'

type Props = {
  /** Whether the children are rendered with the rest, for example because the page was shown before and keeps its scroll position. */
  readonly atOnce: boolean
  readonly children: ReactNode
}

/** Renders its children after the rest of the page is shown. React interrupts this work for the browser's paint and for input. */
export function Deferred({ atOnce, children }: Props) {
  const [isDue, setDue] = useState(atOnce)
  useEffect(() => startTransition(() => setDue(true)), [])
  return isDue ? children : null
}
