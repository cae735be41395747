import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { MutationCache, onlineManager, QueryCache, QueryClient } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import type { Api } from '../../core/contract/contract.ts'
import { isSessionError, isTransient } from './explain-error.ts'
import type { Connection, ConnectionState } from './connection.ts'

/** The API for the screens: as plain functions (`api`), and as query options (`query`). */
export type ApiContextValue = {
  readonly api: Api
  readonly connection: Connection
  readonly query: ReturnType<typeof createTanstackQueryUtils<Api>>
}

export function createApi(connection: Connection): ApiContextValue {
  return { api: connection.api, connection, query: createTanstackQueryUtils(connection.api) }
}

/**
 * Queries pause while the connection is lost and continue when it is back. The network of the computer does not matter.
 * Mutations are never paused: they fail at once, so that the form can show it.
 */
export function createQueryClient(connection: Connection, onSessionError: () => void): QueryClient {
  onlineManager.setEventListener((setOnline) => connection.subscribe(() => setOnline(connection.getState().kind !== 'lost')))
  const onError = (error: unknown) => {
    if (isSessionError(error)) onSessionError()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && isTransient(error),
        retryDelay: 400,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

const ApiContext = createContext<ApiContextValue | undefined>(undefined)
export const ApiProvider = ApiContext.Provider

export function useApi(): ApiContextValue {
  const api = use(ApiContext)
  if (api === undefined) throw new Error('useApi outside ApiProvider')
  return api
}

export function useConnectionState(): ConnectionState {
  const { connection } = useApi()
  return useSyncExternalStore(connection.subscribe, connection.getState)
}
