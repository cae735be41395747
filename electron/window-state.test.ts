import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { fitToDisplays, readWindowState, SMALLEST, writeWindowState, type Bounds } from './window-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'window-state-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'deep', 'window.json')

const desk: Bounds = { x: 0, y: 0, width: 1920, height: 1040 }
const beside: Bounds = { x: 1920, y: 0, width: 2560, height: 1400 }

test('the stored position is used again, also on the second display', () => {
  const state = { bounds: { x: 2000, y: 50, width: 1200, height: 800 }, maximized: true }
  writeWindowState(path, state)
  expect(readWindowState(path)).toEqual(state)
  expect(fitToDisplays(state, [desk, beside])).toEqual(state)
})

test('a window whose display is gone opens in the middle of the first display', () => {
  const state = { bounds: { x: 2000, y: 50, width: 1200, height: 800 }, maximized: false }
  expect(fitToDisplays(state, [desk]).bounds).toEqual({ x: 360, y: 120, width: 1200, height: 800 })
})

test('the first window opens in the middle, no larger than the display', () => {
  expect(fitToDisplays(undefined, [desk]).bounds).toEqual({ x: 240, y: 70, width: 1440, height: 900 })
  expect(fitToDisplays(undefined, [{ x: 0, y: 0, width: 1280, height: 720 }]).bounds).toMatchObject({ width: 1280, height: 720 })
})

test('for every stored position, the title bar can be grabbed', () => {
  const number = fc.integer({ min: -10_000, max: 10_000 })
  const size = fc.integer({ min: 600, max: 5_000 })
  fc.assert(
    fc.property(number, number, size, size, (x, y, width, height) => {
      const { bounds } = fitToDisplays({ bounds: { x, y, width, height }, maximized: false }, [desk, beside])
      const reachable = [desk, beside].some(
        (display) =>
          Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x) >= 100 &&
          bounds.y >= display.y &&
          bounds.y < display.y + display.height,
      )
      expect(reachable).toBe(true)
    }),
  )
})

test.each([
  '',
  'null',
  '{}',
  '{"bounds":{"x":0,"y":0,"width":"wide","height":700},"maximized":false}',
  '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}',
  '{"bounds":{"x":0.5,"y":0,"width":1000,"height":700},"maximized":false}',
  '{"bounds":{"x":0,"y":0,"width":1000,"height":700}}',
])('an invalid file is ignored: %s', (content) => {
  writeFileSync(join(folder, 'odd.json'), content)
  expect(readWindowState(join(folder, 'odd.json'))).toBeUndefined()
})

test('a failed write is ignored', () => {
  writeFileSync(join(folder, 'file'), '')
  const state = { bounds: { x: 0, y: 0, ...SMALLEST }, maximized: false }
  expect(() => writeWindowState(join(folder, 'file', 'window.json'), state)).not.toThrow()
})
