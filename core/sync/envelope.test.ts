import { expect, test } from 'vitest'
import {
  envelopeHeaders,
  pageEnvelopeSchema,
  pastEnvelopeSchema,
  pushAnswerEnvelopeSchema,
  pushEnvelopeSchema,
  readEnvelope,
} from './envelope.ts'

const CURSOR = '2.epoch.a.1.2..3-chain.mac'

test.each([
  ['a push', pushEnvelopeSchema, { sentAt: 1_700_000_000_000, cursor: CURSOR }],
  ['a first push', pushEnvelopeSchema, { sentAt: 5, cursor: null }],
  ['the answer to a push', pushAnswerEnvelopeSchema, { epoch: 'e', cursor: CURSOR, complete: false }],
  [
    'a page of a snapshot',
    pageEnvelopeSchema,
    { epoch: 'e', cursor: CURSOR, complete: false, isEmpty: false, progress: { done: 4, total: 9 } },
  ],
  ['a page of the tail', pageEnvelopeSchema, { epoch: 'e', cursor: CURSOR, complete: true, isEmpty: true, progress: null }],
  ['the answer about the past of rows', pastEnvelopeSchema, { covered: 500 }],
] as const)('reading the headers of %s returns the written envelope', (_name, schema, envelope) => {
  const headers = envelopeHeaders(envelope)
  expect(readEnvelope(schema, (name) => headers[name] ?? null)).toEqual(envelope)
})

test.each([
  ['a missing cursor', { 'propaganda-epoch': 'e', 'propaganda-complete': 'true', 'propaganda-empty': 'true' }],
  ['a flag in another spelling', { ...headersOfPage(), 'propaganda-complete': 'yes' }],
  ['a cursor that is too long', { ...headersOfPage(), 'propaganda-cursor': 'x'.repeat(201) }],
  ['a progress without a total', { ...headersOfPage(), 'propaganda-progress': '4' }],
  ['a number in another notation', { ...headersOfPage(), 'propaganda-progress': '1e3/2e3' }],
])('a page envelope with %s is refused', (_name, headers: Record<string, string>) => {
  expect(readEnvelope(pageEnvelopeSchema, (name) => headers[name])).toBeUndefined()
})

test.each([
  ['no time of sending', { 'propaganda-cursor': CURSOR }],
  ['a time of sending in another notation', { 'propaganda-sent-at': '1e3' }],
  ['a time of sending after the last valid timestamp', { 'propaganda-sent-at': '9'.repeat(15) }],
  ['two cursors', { 'propaganda-sent-at': '5', 'propaganda-cursor': `${CURSOR}, ${CURSOR}` }],
])('a push envelope with %s is refused', (_name, headers: Record<string, string>) => {
  expect(readEnvelope(pushEnvelopeSchema, (name) => headers[name])).toBeUndefined()
})

function headersOfPage(): Record<string, string> {
  return envelopeHeaders({ epoch: 'e', cursor: CURSOR, complete: true, isEmpty: false, progress: null })
}
