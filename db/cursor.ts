import type { Cursor } from '../core/contract/calls.ts'
import { AppError } from '../core/errors.ts'
import { sentence } from '../core/messages/sentence.ts'
import type { SqlValue } from './statements.ts'

/** A position in a sorted list: the list, and the sort key of the last row shown. */
export function encodeCursor(list: string, key: readonly SqlValue[]): Cursor {
  return JSON.stringify([list, ...key]) as Cursor
}

/** @throws AppError INVALID if `cursor` belongs to another list or was not made by `encodeCursor`. */
export function decodeCursor(
  list: string,
  cursor: string,
  types: readonly (readonly ('string' | 'number' | 'null')[])[],
): SqlValue[] {
  const [found, ...key] = parsed(cursor)
  const typeOf = (value: unknown) => (value === null ? 'null' : typeof value)
  const fits =
    key.length === types.length && types.every((allowed, position) => allowed.some((type) => type === typeOf(key[position])))
  if (found === list && fits) return key as SqlValue[]
  const rule = sentence('position.other-list')
  throw new AppError('INVALID', sentence('position.start-again', { rule: rule.text }), { issues: [{ path: 'after', ...rule }] })
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(cursor)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
