/**
 * A UUIDv7 in SQL: the transaction's clock, a counter (26 bits) and 48 random bits. The counter is the audit row's number, so the ids
 * of one device sort in the order of their creation (RFC 9562 §6.2, method 1).
 */
export const NEW_AUDIT_ID = `c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6)))`

/** The parts of the id: exactly one row if a write context is open, else none. */
export const AUDIT_SOURCE = `local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n`
