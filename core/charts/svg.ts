import { TEXT_SIZE, TITLE_SIZE, type Drawing, type Mark, type Point } from './drawing.ts'
import type { Palette } from './palette.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Characters that XML 1.0 does not allow. */
// oxlint-disable-next-line no-control-regex -- the pattern is for control characters
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(FORBIDDEN, '\ufffd')
    .replaceAll(/[&<>"]/g, (one) => ESCAPES[one] ?? one)
}

const length = (value: number) => String(Math.round(value * 100) / 100)

function path(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${length(x)} ${length(y)}`).join('')
}

function element(mark: Mark, palette: Palette): string {
  const colour = palette[mark.ink]
  switch (mark.kind) {
    case 'rect': {
      const opacity = (mark.opacity ?? 1) * (mark.isHatched === true ? 0.45 : 1)
      const hatch = mark.isHatched === true ? ` stroke="${colour}" stroke-dasharray="3 2"` : ''
      const place = `x="${length(mark.x)}" y="${length(mark.y)}" width="${length(mark.width)}" height="${length(mark.height)}"`
      return `<rect ${place} fill="${colour}"${opacity < 1 ? ` fill-opacity="${length(opacity)}"` : ''}${hatch}/>`
    }
    case 'line': {
      const width = mark.ink === 'grid' ? 1 : 1.5
      const dash = mark.isDashed === true ? ' stroke-dasharray="5 4"' : ''
      return `<path d="${path(mark.points)}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>`
    }
    case 'dot':
      return `<circle cx="${length(mark.x)}" cy="${length(mark.y)}" r="3" fill="${colour}"/>`
    case 'text': {
      const style = mark.isTitle === true ? ` font-size="${TITLE_SIZE}" font-weight="600"` : ''
      return `<text x="${length(mark.x)}" y="${length(mark.y)}" text-anchor="${mark.anchor}" fill="${colour}"${style}>${escaped(mark.text)}</text>`
    }
  }
}

/** Returns a drawing as an SVG file. @param title is read by screen readers. */
export function svgOf(drawing: Drawing, palette: Palette, background: string, title: string): string {
  const { width, height, marks } = drawing
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" font-family="Inter, system-ui, sans-serif" font-size="${TEXT_SIZE}" style="font-variant-numeric: tabular-nums">
<title>${escaped(title)}</title>
<rect width="${w}" height="${h}" fill="${background}"/>
${marks.map((mark) => element(mark, palette)).join('\n')}
</svg>
`
}
