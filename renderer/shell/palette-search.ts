import { plural, t } from '@lingui/core/macro'
import { skipToken, useQuery } from '@tanstack/react-query'
import type { Call } from '../../core/model/call.ts'
import { useApi } from '../api/api-context.ts'
import { resultLabel } from '../format/labels.ts'
import { formatDateTime } from '../format/times.ts'
import type { PaletteGroup } from '../keys/palette-items.ts'
import { useRights, useSession } from '../session/session-context.ts'
import { useViewState } from '../view/view-state.ts'

/** Most calls, and most prospects, that the palette shows. */
const FOUND = 7

export type PaletteSearch = {
  readonly groups: readonly PaletteGroup[]
  readonly isSearching: boolean
  readonly error: unknown
}

/** Finds prospects and calls. A search is cancelled when the text changes. An empty text finds nothing. */
export function usePaletteSearch(typed: string): PaletteSearch {
  const { query } = useApi()
  const zone = useSession().settings.time_zone
  const mayRead = useRights().reach('calls.read') !== 'none'
  const openPanel = useViewState((view) => view.openPanel)
  const text = typed.trim()
  const isAsked = mayRead && text !== ''
  const calls = useQuery(query.calls.list.queryOptions({ input: isAsked ? { filter: { text }, limit: FOUND } : skipToken }))
  const prospects = useQuery(query.prospects.match.queryOptions({ input: isAsked ? { text, limit: FOUND } : skipToken }))

  const describe = (call: Pick<Call, 'status' | 'outcome'>, at: number) => `${resultLabel(call)} · ${formatDateTime(at, zone)}`

  const prospectItems = (isAsked ? (prospects.data ?? []) : []).map((found) => {
    const { prospectName, prospectPhone, prospectEmail, lastCall } = found
    const contact = prospectPhone ?? prospectEmail
    return {
      id: `prospect:${lastCall.id}`,
      label: prospectName,
      description: `${contact === null ? '' : `${contact} · `}${plural(found.calls, { one: '# call', other: '# calls' })} · ${describe(lastCall, lastCall.at)}`,
      isRemembered: false,
      perform: () => openPanel({ kind: 'prospect', id: lastCall.id, focus: true }),
    }
  })
  const callItems = (isAsked ? (calls.data?.rows ?? []) : []).map((call) => ({
    id: `call:${call.id}`,
    label: call.prospectName,
    description: describe(call, call.completedAt ?? call.scheduledAt ?? call.createdAt),
    isRemembered: false,
    perform: () => openPanel({ kind: 'call', id: call.id, focus: true }),
  }))
  const isSearching = isAsked && (calls.isFetching || prospects.isFetching)
  const found = [
    { label: t`Prospects`, items: prospectItems },
    { label: t`Calls`, items: callItems },
  ]
  return {
    // Both at once, so that the first line does not depend on which answer comes first.
    groups: isSearching ? [] : found.filter(({ items }) => items.length > 0),
    isSearching,
    error: calls.error ?? prospects.error,
  }
}
