import { pageBodySchema, type Page } from '../../core/sync/protocol.ts'
import type { WirePage } from '../service/page.ts'

/** Returns the page that a device reads from the wire. */
export function pageFrom({ envelope, json }: WirePage): Page {
  const { epoch, cursor, complete, progress } = envelope
  return { epoch, cursor, complete, progress, ...pageBodySchema.parse(JSON.parse(json.toString())) }
}
