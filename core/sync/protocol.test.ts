import { expect, test } from 'vitest'
import { z } from 'zod'
import * as envelope from './envelope.ts'
import * as protocol from './protocol.ts'
import { SYNC_ERRORS } from './errors.ts'
import { SYNC_TABLE_NAMES, syncTable } from './tables.ts'
import * as team from './team-protocol.ts'

/**
 * The hash of everything that is sent, independent of the order of columns. If it changes, older devices and servers may not understand
 * newer ones: raise `PROTOCOL_VERSION`, describe the change and its effect on an older side in the history, and put the new value here.
 */
const FINGERPRINTS: Readonly<Record<number, string>> = { 1: 'd0f94a1208d28d6d', 2: 'e4e87c53d7c13e92', 3: '1f83bd3484d3c5d7' }

/** FNV-1a, 64 bits. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const character of text) hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

function everything(): string {
  const schemas = (Object.entries({ ...envelope, ...protocol, ...team }) as [string, unknown][])
    .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
    .map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })])
  const tables = SYNC_TABLE_NAMES.map((name) => {
    const { columns, units, deletable } = syncTable(name)
    return [
      name,
      columns
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
        .map(({ schema, ...rest }) => ({ ...rest, schema: z.toJSONSchema(schema, { io: 'input' }) })),
      units,
      deletable,
    ]
  })
  const errors = Object.entries(SYNC_ERRORS).map(([code, rule]) => [
    code,
    rule.status,
    'data' in rule ? z.toJSONSchema(rule.data) : null,
  ])
  return JSON.stringify({
    schemas,
    tables,
    errors,
    headers: [protocol.PROTOCOL_HEADER, envelope.ENVELOPE_HEADERS, envelope.DIGEST_HEADER],
    row: protocol.ROW_COLUMNS,
  })
}

test('the protocol has a new version if anything that is sent has changed', () => {
  expect(fingerprint(everything())).toBe(FINGERPRINTS[protocol.PROTOCOL_VERSION])
})

test('the current version has a fingerprint, and the server speaks it', async () => {
  expect(Object.keys(FINGERPRINTS).map(Number)).toContain(protocol.PROTOCOL_VERSION)
  expect(protocol.SUPPORTED_PROTOCOLS).toContain(protocol.PROTOCOL_VERSION)
  expect(Math.max(...protocol.SUPPORTED_PROTOCOLS)).toBe(protocol.PROTOCOL_VERSION)
})
