import { expect, test } from 'vitest'
import type { z } from 'zod'
import { callIssues, newCallSchema } from '../../core/model/call.ts'
import { clientSchema, newLossReasonSchema, newUserSchema } from '../../core/model/people.ts'
import { noteTemplateSchema } from '../../core/model/preferences.ts'
import { viewNameSchema } from '../../core/model/saved-views.ts'
import { settingsSchema } from '../../core/model/settings.ts'
import { ruleSentence } from '../../core/plain-errors.ts'
import { ruleText } from './rule-text.ts'

const messages = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues.map(({ message }) => message) ?? []

test('another text stays as it is', () => {
  expect(ruleText('Someone has this e-mail already.')).toBe('Someone has this e-mail already.')
  expect(ruleText('constructor')).toBe('constructor')
})

test('the rules of the forms have a text in every language', () => {
  const hours = { from: '8', to: '25:00', days: [] }
  const settings = { time_zone: 'Mars', week_start: 1, default_country: 'de', idle_lock_minutes: 0, no_next_step_days: 1.5 }
  const shown = [
    ...messages(clientSchema.shape.name, ' '),
    ...messages(newUserSchema, { email: 'x', name: '', role: 'agent', password: 'short' }),
    ...messages(newUserSchema.shape.password, 'ä'.repeat(40)),
    ...messages(newLossReasonSchema, { name: '' }),
    ...messages(noteTemplateSchema.shape.name, ''),
    ...messages(noteTemplateSchema.shape.text, ''),
    ...messages(viewNameSchema, ''),
    ...messages(settingsSchema, { ...settings, calling_hours: hours }),
    ...messages(settingsSchema.shape.calling_hours, { from: '20:00', to: '08:00', days: [2, 1] }),
    ...messages(newCallSchema.shape.prospectName, ''),
    ...messages(newCallSchema.shape.callDuration, -1),
    ...messages(newCallSchema.shape.callDuration, 100_000),
    ...(['completed', 'scheduled'] as const).flatMap((status) =>
      [null, 1].flatMap((completedAt) =>
        ([null, 'won'] as const).flatMap((outcome) =>
          callIssues({ status, completedAt, outcome, lossReasonId: 'reason' }).map(({ message }) => message),
        ),
      ),
    ),
  ]
  expect(shown.length).toBeGreaterThan(20)
  expect(shown.filter((message) => ruleSentence(message).text === undefined)).toEqual([])
})
