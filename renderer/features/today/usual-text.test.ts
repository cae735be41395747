import { expect, test } from 'vitest'
import { basisText, usualText, valueText } from './usual-text.ts'

test('a figure is shown with the usual one', () => {
  const completed = { key: 'completed', value: 14, usual: 11 } as const
  expect(`${valueText(completed)}, ${usualText(completed)}`).toBe('14 calls, usually 11 by now')
  const won = { key: 'won', value: 1, usual: 0 } as const
  expect(`${valueText(won)}, ${usualText(won)}`).toBe('1 won, usually 0 by now')
  const talk = { key: 'talk_time', value: 754, usual: 4_020 } as const
  expect(`${valueText(talk)}, ${usualText(talk)}`).toBe('12:34 talk time, usually 1 h 7 min by now')
})

test('without enough days there is no usual figure, and the reason is given', () => {
  expect(usualText({ key: 'won', value: 1, usual: null })).toBeUndefined()
  expect(basisText(0, 3)).toContain('Wednesdays')
  expect(basisText(0, 3)).toContain('They need 3 such days and have none so far.')
  expect(basisText(2, 7)).toContain('and have 2 so far.')
  expect(basisText(5, 1)).toContain('(5 days).')
})
