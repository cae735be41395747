import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { flushSync } from 'react-dom'
import { clampOffset, ROW_HEIGHT, scrollScale } from './scroll-scale.ts'
import type { ScrollScale } from './scroll-scale.ts'

export type ScaledScroll = {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The first pixel of the list in view. */
  readonly offset: number
  readonly viewHeight: number
  readonly scale: ScrollScale
  /** Returns where pixel `position` of the list is drawn in the scrolled element. */
  place: (position: number) => number
  scrollTo: (offset: number) => void
}

/** @param headerHeight the height of the sticky header inside the scrolled element. */
export function useScaledScroll(rows: number, headerHeight: number): ScaledScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const [viewHeight, setViewHeight] = useState(0)
  const [{ offset, top }, setPosition] = useState({ offset: 0, top: 0 })
  const latest = useRef({ offset: 0, top: 0 })
  const scale = scrollScale(rows, viewHeight)
  const scaleNow = useRef(scale)
  useLayoutEffect(() => {
    scaleNow.current = scale
  })

  const scrollTo = useCallback((to: number) => {
    const element = scroller.current
    if (element === null) return
    const aim = clampOffset(to, scaleNow.current)
    element.scrollTop = aim / scaleNow.current.ratio
    latest.current = { offset: aim, top: element.scrollTop }
    setPosition(latest.current)
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = () => setViewHeight(Math.max(0, element.clientHeight - headerHeight))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [headerHeight])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    function onScroll() {
      if (element === null) return
      const { ratio } = scaleNow.current
      // The browser rounds `scrollTop`. If the bar is still where `scrollTo` put it, the exact offset is kept.
      if (ratio === 1 || Math.abs(element.scrollTop - latest.current.top) >= 1)
        latest.current = { offset: clampOffset(element.scrollTop * ratio, scaleNow.current), top: element.scrollTop }
      // Without `flushSync` React renders in a later task, and the browser first paints a frame without the new rows.
      flushSync(() => setPosition(latest.current))
    }
    function onWheel(event: WheelEvent) {
      // The wheel moves row by row, also if one pixel of the scroll bar represents several rows.
      if (scaleNow.current.ratio === 1 || event.ctrlKey || event.deltaY === 0) return
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1
      scrollTo(latest.current.offset + event.deltaY * unit)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('wheel', onWheel)
    }
  }, [scrollTo])

  // A list whose length changed keeps its offset; the position of the scroll bar is computed again.
  useLayoutEffect(() => {
    if (scale.ratio !== 1 || latest.current.offset > scale.lastOffset) scrollTo(latest.current.offset)
  }, [scale.ratio, scale.lastOffset, scrollTo])

  return {
    scroller,
    offset,
    viewHeight,
    scale,
    place: (position) => (scale.ratio === 1 ? position : top + position - offset),
    scrollTo,
  }
}
