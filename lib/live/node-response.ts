/**
 * Node's own response under the answer of a route. What goes through the web stream of an answer passes several queues and
 * promises for each chunk; a hint that goes to a thousand browsers at once is written past them.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

const REQUEST_STARTS = 'http.server.request.start'

// Routes and the start of the process are bundled apart: a module variable would give each its own copy.
const KEY = Symbol.for('matchdesk.node-responses')
type Holder = { [KEY]?: AsyncLocalStorage<ServerResponse> }

function responses(): AsyncLocalStorage<ServerResponse> {
  const holder = globalThis as Holder
  holder[KEY] ??= new AsyncLocalStorage()
  return holder[KEY]
}

/** From now on `nodeResponse` knows the response to each request whose address begins so. Returns how to stop that. */
export function rememberResponses(addresses: string): () => void {
  const store = responses()
  const remember = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    // Whatever is begun while others are answered would hold on to them.
    if (request.url?.startsWith(addresses)) store.enterWith(response)
  }
  subscribe(REQUEST_STARTS, remember)
  return () => unsubscribe(REQUEST_STARTS, remember)
}

/** The response to the request that is being answered; null where nobody remembered it. */
export function nodeResponse(): ServerResponse | null {
  return responses().getStore() ?? null
}
