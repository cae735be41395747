import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { Drawing, Mark, Point } from '../../../core/charts/drawing.ts'
import classes from './chart.module.css'
import { usePrinting } from './use-printing.ts'

const path = (points: readonly Point[]) => points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')

function MarkView({ mark }: { readonly mark: Mark }) {
  const ink = classes[mark.ink]
  switch (mark.kind) {
    case 'rect':
      return (
        <rect
          x={mark.x}
          y={mark.y}
          width={mark.width}
          height={mark.height}
          className={mark.isHatched === true ? `${ink} ${classes.hatched}` : ink}
        />
      )
    case 'line':
      return (
        <path d={path(mark.points)} className={`${ink} ${classes.path}`} {...(mark.isDashed && { strokeDasharray: '5 4' })} />
      )
    case 'dot':
      return <circle cx={mark.x} cy={mark.y} r={3} className={ink} />
    case 'text':
      return (
        <text x={mark.x} y={mark.y} textAnchor={mark.anchor} className={ink}>
          {mark.text}
        </text>
      )
  }
}

/** The marks of a drawing without interaction, for example a sparkline. */
export function Marks({ drawing }: { readonly drawing: Drawing }) {
  return (
    <svg width={drawing.width} height={drawing.height} className={classes.svg} aria-hidden>
      {drawing.marks.map((mark, index) => (
        <MarkView key={index} mark={mark} />
      ))}
    </svg>
  )
}

type Props = {
  readonly label: string
  readonly height: number
  readonly draw: (width: number, height: number) => Drawing
  /** Opens the calls of the spot with this index. */
  readonly onOpen: (index: number) => void
  readonly legend?: ReactNode
}

/** Width of a chart on A4 between the margins of the page and of the section, px. */
const PAPER_WIDTH = 664

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowRight: (index, last) => Math.min(last, index + 1),
  Home: () => 0,
  End: (_, last) => last,
}

/**
 * A chart whose marks open their calls. It is one stop of the Tab key: the arrow keys move between the marks, and Enter opens one.
 * The line below shows the mark under the pointer or the focus in words.
 */
export function Chart({ label, height, draw, onOpen, legend }: Props) {
  const { ref, width: screenWidth } = useElementSize()
  const width = usePrinting() ? PAPER_WIDTH : screenWidth
  const drawing = width === 0 ? undefined : draw(Math.floor(width), height)
  const [active, setActive] = useState<number | null>(null)
  const spots = drawing?.spots ?? []
  const last = spots.length - 1
  const shown = active === null ? undefined : spots[Math.min(active, last)]

  function onKeyDown(event: KeyboardEvent<SVGElement>, index: number) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen(index)
      return
    }
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = step(index, last)
    setActive(next)
    event.currentTarget.parentElement?.querySelector<SVGElement>(`[data-spot="${next}"]`)?.focus()
  }

  return (
    <div ref={ref}>
      {drawing !== undefined && (
        <svg
          width={drawing.width}
          height={drawing.height}
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          className={classes.svg}
          role="group"
          aria-label={label}
        >
          {drawing.marks.map((mark, index) => (
            <MarkView key={index} mark={mark} />
          ))}
          {spots.map((spot, index) => (
            <rect
              key={spot.index}
              data-spot={index}
              x={spot.x}
              y={spot.y}
              width={spot.width}
              height={spot.height}
              className={classes.spot}
              role="button"
              aria-label={t`${{ label: spot.label }}: show the calls`}
              tabIndex={index === Math.min(active ?? 0, last) ? 0 : -1}
              onFocus={() => setActive(index)}
              onPointerEnter={() => setActive(index)}
              onClick={() => onOpen(index)}
              onKeyDown={(event) => onKeyDown(event, index)}
            />
          ))}
        </svg>
      )}
      <Text c="dimmed" className={classes.caption} aria-hidden>
        {shown?.label ?? legend}
      </Text>
    </div>
  )
}

/** The colour of an ink with its name, for legends. */
export function Swatch({
  ink,
}: {
  readonly ink: 'completed' | 'noShow' | 'rescheduled' | 'cancelled' | 'scheduled' | 'bar' | 'target'
}) {
  return <span className={`${classes.swatch} ${classes[ink]}`} aria-hidden />
}
