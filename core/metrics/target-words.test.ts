import { expect, test } from 'vitest'
import { paceInWords, paceOf } from './target-words.ts'
import type { TargetFigure } from './targets.ts'

const figure = (part: Partial<TargetFigure>): TargetFigure => ({
  metric: 'won',
  actual: 10,
  target: 20,
  expected: 10,
  pace: 1,
  elapsedDays: 10,
  totalDays: 20,
  missing: [],
  ...part,
})

test.each([
  [{}, 'on pace', 0],
  [{ pace: 1.125 }, '13% ahead of pace', 1],
  [{ pace: 0.75 }, '25% behind pace', -1],
  [{ pace: 1.001 }, 'on pace', 0],
  [{ pace: 0.5, elapsedDays: 20 }, '50% below target', -1],
  [{ pace: 1.5, elapsedDays: 20 }, '50% above target', 1],
  [{ pace: null }, '—', null],
  [{ metric: 'close_rate', actual: 0.335, target: 0.3, pace: 1.1 }, '3.5 points above target', 1],
  [{ metric: 'close_rate', actual: 0.3, target: 0.3, pace: 1 }, 'on target', 0],
  [{ metric: 'close_rate', actual: null, target: 0.3, pace: null }, '—', null],
] as const)('the pace of %j is “%s”', (part, text, direction) => {
  expect(paceInWords(figure(part))).toBe(text)
  expect(paceOf(figure(part))?.direction ?? null).toBe(direction)
})
