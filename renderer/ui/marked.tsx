import type { Span } from '../../core/text/text-marks.ts'
import classes from './marked.module.css'

/** A text with its found parts marked. */
export function Marked({ text, spans }: { readonly text: string; readonly spans: readonly Span[] }) {
  if (spans.length === 0) return text
  const starts = [0, ...spans.map(({ to }) => to)]
  return (
    <>
      {starts.map((start, place) => {
        const span = spans[place]
        return (
          <span key={start}>
            {text.slice(start, span?.from)}
            {span !== undefined && <mark className={classes.mark}>{text.slice(span.from, span.to)}</mark>}
          </span>
        )
      })}
    </>
  )
}

/** Characters of a long text that are shown before its first mark. */
const BEFORE = 24

/** One line of a long text, from shortly before its first mark on, so that the mark is in view. */
export function MarkedLine({ text, spans }: { readonly text: string; readonly spans: readonly Span[] }) {
  const first = spans[0]
  if (first === undefined || first.from <= BEFORE * 2) return <Marked text={text} spans={spans} />
  const space = text.indexOf(' ', first.from - BEFORE)
  const from = space >= 0 && space < first.from ? space + 1 : first.from - BEFORE
  const moved = spans.map((span) => ({ from: span.from - from, to: span.to - from }))
  return (
    <>
      … <Marked text={text.slice(from)} spans={moved} />
    </>
  )
}
