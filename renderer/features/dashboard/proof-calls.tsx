import { t } from '@lingui/core/macro'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Failed, Nothing } from '../../feedback/states.tsx'
import { CallPages, type LoadPage } from '../calls/call-pages.ts'
import { OpeningGrid } from '../calls/opening-grid.tsx'

/** The last row of the first request, when the height of the list is not known yet. */
const FIRST_ROWS = 40
const LATEST_FIRST = { by: 'eventAt', direction: 'desc' } as const

type Props = {
  readonly title: string
  readonly total: number
  /** Changes when the calls were counted again. The rows in view are then loaded again. */
  readonly version: number
  readonly load: LoadPage
}

/** A list of calls of any length. Only the visible rows are loaded. Another list needs another `key`. */
export function ProofCalls({ title, total, version, load }: Props) {
  const [pages] = useState(() => new CallPages(load))
  const latest = useRef(load)
  useEffect(() => {
    latest.current = load
  })
  useEffect(() => {
    pages.show(0, FIRST_ROWS)
    return () => pages.stop()
  }, [pages])
  // A new count means that rows changed, even if their number is the same.
  const counted = useMemo(() => ({ total, version }), [total, version])
  useEffect(() => pages.setCount({ total: counted.total, exact: true }, latest.current), [pages, counted])
  useSyncExternalStore(pages.subscribe, pages.getVersion)
  if (pages.error !== undefined && pages.rowAt(0) === undefined) return <Failed error={pages.error} retry={() => pages.retry()} />
  if (total === 0) return <Nothing title={t`No calls`} />
  return <OpeningGrid title={title} pages={pages} sort={LATEST_FIRST} />
}
