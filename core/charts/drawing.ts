/**
 * A chart as marks on a canvas. The window draws it with React, so that each spot is a link; files (SVG, PNG, PDF) draw the same marks without a
 * browser. Lengths are CSS px.
 */
export type Drawing = {
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
  readonly spots: readonly Spot[]
}

/** The role of a mark. The window and the files assign a colour to each ink, for light and dark. */
export type Ink =
  | 'text'
  | 'faint'
  | 'grid'
  | 'completed'
  | 'noShow'
  | 'rescheduled'
  | 'cancelled'
  | 'scheduled'
  | 'former'
  | 'bar'
  | 'line'
  | 'target'
  /** Text on a strong colour. */
  /** A cell with too few calls. */
  | 'few'

export type Mark =
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly ink: Ink
      /** A hatched rectangle is a partial bucket. */
      readonly isHatched?: boolean
      /** 0…1; default: 1. */
      readonly opacity?: number
    }
  | { readonly kind: 'line'; readonly points: readonly Point[]; readonly ink: Ink; readonly isDashed?: boolean }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number; readonly ink: Ink }
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly anchor: 'start' | 'middle' | 'end'
      readonly ink: Ink
      readonly isTitle?: boolean
    }

export type Point = readonly [x: number, y: number]

/** A part of a chart that opens its calls. */
export type Spot = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Index of the datum. */
  readonly index: number
  /** The content of the spot in words. */
  readonly label: string
}

/** Space around the plot. */
export const MARGIN = { top: 8, right: 8, bottom: 24, left: 48 } as const

/** Sizes of text in files, px. */
export const TEXT_SIZE = 11
export const TITLE_SIZE = 15

/** Returns the marks, moved. */
export function moved(marks: readonly Mark[], dx: number, dy: number): Mark[] {
  return marks.map((mark) =>
    mark.kind === 'line'
      ? { ...mark, points: mark.points.map(([x, y]) => [x + dx, y + dy] as const) }
      : { ...mark, x: mark.x + dx, y: mark.y + dy },
  )
}
