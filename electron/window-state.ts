import { readFileSync } from 'node:fs'
import { writeAtomicFile } from '../platform/files/atomic-file.ts'

export type Bounds = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export type WindowState = { readonly bounds: Bounds; readonly maximized: boolean }

export const SMALLEST = { width: 960, height: 600 } as const
const USUAL = { width: 1440, height: 900 } as const

/** At least this much of the window must be on a display, so that a person can grab it, points. */
const GRIP = 100

/**
 * Returns the stored position if it is still on a display. A window whose display was unplugged opens in the middle of the first one.
 *
 * @param displays the displays' areas, the first one first
 */
export function fitToDisplays(kept: WindowState | undefined, displays: readonly Bounds[]): WindowState {
  const first = displays[0] ?? { x: 0, y: 0, ...USUAL }
  const size = {
    width: Math.max(SMALLEST.width, Math.min(kept?.bounds.width ?? USUAL.width, first.width)),
    height: Math.max(SMALLEST.height, Math.min(kept?.bounds.height ?? USUAL.height, first.height)),
  }
  if (kept !== undefined && displays.some((display) => canBeGrabbed(kept.bounds, display))) return kept
  const x = Math.round(first.x + (first.width - size.width) / 2)
  const y = Math.round(first.y + (first.height - size.height) / 2)
  return { bounds: { x: Math.max(first.x, x), y: Math.max(first.y, y), ...size }, maximized: kept?.maximized ?? false }
}

function canBeGrabbed(window: Bounds, display: Bounds): boolean {
  const across = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x)
  const titleIsInside = window.y >= display.y && window.y <= display.y + display.height - GRIP
  return across >= GRIP && titleIsInside
}

/** Returns the stored state; undefined if the file does not exist or is invalid. */
export function readWindowState(path: string): WindowState | undefined {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(path, 'utf8')) as { bounds?: Partial<Bounds>; maximized?: unknown }
    const { x, y, width, height } = bounds ?? {}
    if (!isLength(x) || !isLength(y) || !isLength(width) || !isLength(height) || typeof maximized !== 'boolean') return undefined
    if (width < SMALLEST.width || height < SMALLEST.height) return undefined
    return { bounds: { x, y, width, height }, maximized }
  } catch {
    return undefined
  }
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** Stores the state. Best effort: errors are ignored. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeAtomicFile(path, JSON.stringify(state))
  } catch {}
}
