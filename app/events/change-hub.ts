import type { ChangeEvent } from '../../core/contract/events.ts'
import type { ClientId } from '../../core/id.ts'

type Listener = { readonly connection: string; readonly offer: (event: ChangeEvent) => void }

/** Notifies open windows that tables changed. Events carry no data, so they cannot leak any. */
export class ChangeHub {
  readonly #listeners = new Set<Listener>()
  readonly #listeningTo: (connection: string) => ClientId | null

  /** @param listeningTo returns the client whose events a connection may receive. Called at each change. */
  constructor(listeningTo: (connection: string) => ClientId | null) {
    this.#listeningTo = listeningTo
  }

  /** @param tables null: any table may have changed. */
  changed(clientId: ClientId, tables: readonly string[] | null): void {
    const event: ChangeEvent = { kind: 'changed', tables: [...(tables ?? [])] }
    for (const { connection, offer } of this.#listeners) if (this.#listeningTo(connection) === clientId) offer(event)
  }

  sessionChanged(changed: string): void {
    for (const { connection, offer } of this.#listeners) if (connection === changed) offer({ kind: 'session' })
  }

  /** Yields `ready`, then the events of a connection until `signal` aborts. Merges unread events, so a slow reader needs little memory. */
  async *subscribe(connection: string, signal: AbortSignal | undefined): AsyncGenerator<ChangeEvent> {
    let session = false
    let tables: Set<string> | 'any' | null = null
    let wake = () => {}
    const offer = (event: ChangeEvent) => {
      if (event.kind === 'session') session = true
      else if (event.kind === 'changed') {
        if (event.tables.length === 0) tables = 'any'
        else if (tables !== 'any') tables = new Set([...(tables ?? []), ...event.tables])
      }
      wake()
    }
    const listener: Listener = { connection, offer }
    const onAbort = () => wake()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#listeners.add(listener)
    try {
      yield { kind: 'ready' }
      while (signal?.aborted !== true) {
        if (session) {
          session = false
          yield { kind: 'session' }
        } else if (tables !== null) {
          const unread: Set<string> | 'any' = tables
          tables = null
          yield { kind: 'changed', tables: unread === 'any' ? [] : [...unread] }
        } else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      this.#listeners.delete(listener)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
