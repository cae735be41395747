import type { SyncTableName } from '../../core/sync/tables.ts'
import { useQueryClient } from '@tanstack/react-query'
import type { QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'
import { collectTables } from './collect-tables.ts'

const QUIET = 400
const AGAIN_AFTER = 1_000

/** Reloads shown data after changes in this window, in another one and by the command line. The changes arrive as events. */
export function useLiveUpdates(): void {
  const { query } = useApi()
  const queries = useQueryClient()

  useEffect(() => {
    const ended = new AbortController()
    const shownFrom: Record<string, readonly QueryKey[]> = {
      clients: [query.session.key()],
      client_settings: [
        ...[query.session.key(), query.settings.key(), query.reports.key(), query.targets.key(), query.views.key()],
        query.agenda.key(),
      ],
      user_settings: [query.views.key(), query.preferences.key(), query.reminders.key()],
      users: [query.session.key(), query.users.key()],
      loss_reasons: [query.lossReasons.key(), query.reports.key()],
      do_not_call: [query.doNotCall.key()],
      calls: [query.calls.key(), query.agenda.key(), query.prospects.key(), query.reports.key()],
      team: [query.reports.key()],
    } satisfies Record<SyncTableName | 'team', readonly QueryKey[]>
    const always: readonly QueryKey[] = [query.audit.key(), query.imports.list.key(), query.sync.key(), query.workspace.key()]
    const refresh = collectTables(QUIET, (tables) => {
      const keys = tables === 'any' ? [[]] : [...tables.flatMap((table) => shownFrom[table] ?? []), ...always]
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
    })

    async function listen() {
      let first = true
      while (!ended.signal.aborted) {
        try {
          for await (const event of await query.events.subscribe.call(undefined, { signal: ended.signal })) {
            if (event.kind === 'session') void queries.invalidateQueries({ queryKey: query.session.key() })
            else if (event.kind === 'changed') refresh.add(event.tables.length === 0 ? 'any' : event.tables)
            // Changes during the interruption are unknown.
            else if (!first) refresh.add('any')
            first = false
          }
        } catch {
          // The connection banner reports the loss; the loop only retries.
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER))
      }
    }
    void listen()
    return () => {
      ended.abort()
      refresh.cancel()
    }
  }, [query, queries])
}
