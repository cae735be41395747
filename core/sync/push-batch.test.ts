import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator } from '../id.ts'
import type { Operation } from './operation.ts'
import { pushBodySchema, type PushBody } from './protocol.ts'
import { decodePush, encodePush } from './push-batch.ts'

let byte = 0
const newId = createIdGenerator(
  () => 1_800_000_000_000,
  (length) => Uint8Array.from({ length }, () => byte++ % 256),
)

const scalar = fc.oneof(fc.string(), fc.integer(), fc.constant(null))
const column = fc.constantFrom('notes', 'status', 'prospect_name', 'user_id', 'call_duration')
const change = fc.oneof(
  fc.record({ action: fc.constant('INSERT' as const), values: fc.dictionary(column, fc.record({ new: scalar })) }),
  fc.record({
    action: fc.constant('INSERT' as const),
    values: fc.dictionary(column, fc.record({ new: scalar })),
    origin: fc.constant('import' as const),
  }),
  fc.record({
    action: fc.constant('UPDATE' as const),
    values: fc.dictionary(column, fc.record({ new: scalar, base: fc.nat() }), { minKeys: 1 }),
  }),
  fc.record({ action: fc.constant('DELETE' as const), values: fc.constant({}) }),
)
const transactions = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 8 })

function operationsOf(
  all: readonly (readonly { action: Operation['action']; values: Operation['fields']; origin?: 'import' }[])[],
): Operation[] {
  let deviceSeq = 0
  return all.flatMap((changes, index) => {
    const txId = newId()
    return changes.map(({ action, values, origin }) => ({
      opId: newId(),
      txId,
      deviceSeq: (deviceSeq += 1 + (index % 3)),
      schemaVersion: 1,
      table: 'calls',
      rowId: newId(),
      action,
      fields: values,
      hlc: '0'.repeat(16),
      wallTime: index,
      ...(origin === undefined ? {} : { origin }),
    }))
  })
}

test('a decoded push has the same operations and transactions in the same order', () => {
  fc.assert(
    fc.property(transactions, (given) => {
      const operations = operationsOf(given)
      const request = pushBodySchema.parse(JSON.parse(JSON.stringify(encodePush(operations))))
      const decoded = decodePush(request)
      const back = decoded.flatMap(({ txId, hlc, wallTime, schemaVersion, operations: inside }) =>
        inside.map(({ values, bases, ...op }) => {
          const fields = Object.entries(values).map(([name, value]) => [
            name,
            op.action === 'UPDATE' ? { new: value, base: bases[name] } : { new: value },
          ])
          return { ...op, txId, hlc, wallTime, schemaVersion, fields: Object.fromEntries(fields) }
        }),
      )
      expect(back).toEqual(operations)
    }),
  )
})

test('columns that identify the row are not sent as values', () => {
  const [op] = operationsOf([[{ action: 'INSERT', values: { id: { new: 'x' }, client_id: { new: 'y' }, notes: { new: 'z' } } }]])
  expect(encodePush(op === undefined ? [] : [op]).shapes[0]?.columns).toEqual(['notes'])
})

const copy = (request: PushBody): PushBody => pushBodySchema.parse(JSON.parse(JSON.stringify(request)))
const sample = () =>
  encodePush(
    operationsOf([
      [{ action: 'UPDATE', values: { notes: { new: 'a', base: 1 }, status: { new: 'b', base: 2 } } }],
      [{ action: 'DELETE', values: {} }],
    ]),
  )

test.each<[string, (request: PushBody) => void]>([
  ['a transaction without its clock', (r) => r.transactions.hlc.pop()],
  ['more operations than the transactions count', (r) => (r.transactions.size[0] = 1_000_000_000)],
  ['fewer operations than the transactions count', (r) => r.transactions.size.push(1)],
  ['an operation without a row', (r) => r.operations.rowId.pop()],
  ['a shape that does not exist', (r) => (r.operations.shape[0] = 7)],
  ['a column without values', (r) => r.shapes[0]?.values.pop()],
  ['a shape with rows that no operation uses', (r) => r.shapes[0]?.values.forEach((values) => values.push('x'))],
  ['a shape with fewer rows than operations', (r) => r.shapes[0]?.values.forEach((values) => values.pop())],
  ['an edit without its bases', (r) => r.shapes[0]?.bases.splice(0)],
  ['a column twice', (r) => r.shapes[0]?.columns.splice(0, 2, 'notes', 'notes')],
  ['columns out of order', (r) => r.shapes[0]?.columns.splice(0, 2, 'status', 'notes')],
  ['device numbers that decrease', (r) => r.operations.deviceSeq.splice(0, 2, 9, 8)],
  ['one operation twice', (r) => (r.operations.id[1] = r.operations.id[0] ?? '')],
])('%s is malformed', (_, break_) => {
  const request = copy(sample())
  break_(request)
  expect(() => decodePush(request)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
})

test('a column’s name cannot give access to the prototype of objects', () => {
  const request = copy(sample())
  request.shapes[0]?.columns.splice(0, 1, '__proto__')
  expect(pushBodySchema.safeParse(request).success).toBe(false)
})

test('the key of a person’s setting is sent, and that of a client’s setting is the row’s id', () => {
  const operation = (table: string, rowId: string): Operation => ({
    opId: newId(),
    txId: newId(),
    deviceSeq: table === 'user_settings' ? 1 : 2,
    schemaVersion: 1,
    table,
    rowId,
    action: 'INSERT',
    fields: { key: { new: 'theme' }, value: { new: '1' }, client_id: { new: 'c' }, id: { new: 'i' } },
    hlc: '0000000000010000',
    wallTime: 1,
  })
  const [personal, ofClient] = decodePush(
    encodePush([operation('user_settings', 'person:theme'), operation('client_settings', 'theme')]),
  )
  expect(personal?.operations[0]?.values).toEqual({ key: 'theme', value: '1' })
  expect(ofClient?.operations[0]?.values).toEqual({ value: '1' })
})
