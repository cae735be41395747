import { TEXT_SIZE, TITLE_SIZE, type Drawing, type Mark } from '../../../core/charts/drawing.ts'
import type { Palette } from '../../../core/charts/palette.ts'

/** Pixels per px, so that a picture is sharp on paper and on every screen. */
const SCALE = 2
const FONT = '"Inter Variable", system-ui, sans-serif'

function paint(canvas: CanvasRenderingContext2D, mark: Mark, palette: Palette): void {
  canvas.fillStyle = canvas.strokeStyle = palette[mark.ink]
  canvas.setLineDash([])
  canvas.globalAlpha = 1
  canvas.lineWidth = mark.ink === 'grid' ? 1 : 1.5
  switch (mark.kind) {
    case 'rect': {
      const isHatched = mark.isHatched === true
      canvas.globalAlpha = (mark.opacity ?? 1) * (isHatched ? 0.45 : 1)
      canvas.fillRect(mark.x, mark.y, mark.width, mark.height)
      if (!isHatched) return
      canvas.globalAlpha = 1
      canvas.lineWidth = 1
      canvas.setLineDash([3, 2])
      canvas.strokeRect(mark.x, mark.y, mark.width, mark.height)
      return
    }
    case 'line':
      if (mark.isDashed === true) canvas.setLineDash([5, 4])
      canvas.lineJoin = 'round'
      canvas.beginPath()
      for (const [x, y] of mark.points) canvas.lineTo(x, y)
      canvas.stroke()
      return
    case 'dot':
      canvas.beginPath()
      canvas.arc(mark.x, mark.y, 3, 0, 2 * Math.PI)
      canvas.fill()
      return
    case 'text':
      canvas.font = mark.isTitle === true ? `600 ${TITLE_SIZE}px ${FONT}` : `${TEXT_SIZE}px ${FONT}`
      canvas.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor
      canvas.fillText(mark.text, mark.x, mark.y)
  }
}

/** Returns a drawing as PNG. It is painted directly, because an SVG picture would not have the window's fonts. */
export function pngOf(drawing: Drawing, palette: Palette, background: string): Promise<Blob> {
  const { width, height, marks } = drawing
  const canvas = new OffscreenCanvas(Math.ceil(width) * SCALE, Math.ceil(height) * SCALE)
  const context = canvas.getContext('2d')
  if (context === null) return Promise.reject(new Error('No canvas'))
  context.scale(SCALE, SCALE)
  context.fillStyle = background
  context.fillRect(0, 0, Math.ceil(width), Math.ceil(height))
  for (const mark of marks) paint(context as unknown as CanvasRenderingContext2D, mark, palette)
  return canvas.convertToBlob({ type: 'image/png' })
}
