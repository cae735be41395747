import type { HandlerServices, HandlersOf } from './handlers.ts'

export function eventsHandlers({ hub }: HandlerServices): HandlersOf<'events'> {
  return { 'events.subscribe': ({ context, signal }) => hub.subscribe(context.connection, signal) }
}
