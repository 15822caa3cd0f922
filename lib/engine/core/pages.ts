/** Pages and their opaque NextToken. */
import { Refusal } from './contract.ts'

export const DEFAULT_PAGE = 20

type Key = string | number

interface PageRequest {
  /** In the token, so that one operation's token is not taken for another's. */
  operation: string
  limit: number
  nextToken: string | undefined
}

/**
 * The items after the token's, `limit` of them at most. `keyOf` grows from item to item and stays with the item, so that
 * a page begins in the right place even when items have come or gone since. Throws InvalidRequestException for a token
 * that is not one of this operation's.
 */
export function pageOf<T>(
  items: T[],
  keyOf: (item: T, index: number) => Key,
  { operation, limit, nextToken }: PageRequest,
): { items: T[]; nextToken?: string } {
  const keys = items.map(keyOf)
  let start = 0
  if (nextToken) {
    const after = readToken(operation, nextToken)
    start = keys.findIndex((key) => typeof key === typeof after && key > after)
    if (start < 0) start = items.length
  }
  const page = items.slice(start, start + limit)
  if (page.length === 0 || start + limit >= items.length) return { items: page }
  return { items: page, nextToken: writeToken(operation, keys[start + limit - 1]!) }
}

function writeToken(operation: string, key: Key): string {
  return btoa(JSON.stringify([operation, key])).replaceAll('=', '')
}

function readToken(operation: string, token: string): Key {
  try {
    const [madeBy, key] = JSON.parse(atob(token)) as [unknown, unknown]
    if (madeBy === operation && (typeof key === 'string' || typeof key === 'number')) return key
  } catch {
    // Not base64 or not JSON: refused below like any other foreign token.
  }
  throw new Refusal('InvalidRequestException', `NextToken is not a token that ${operation} has returned.`)
}
