import type { Queryable } from '#lib/db/pool.ts'

/** The channel the live feed listens on. */
export const LIVE_CHANNEL = 'matchdesk_live'
/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const MAX_PAYLOAD_BYTES = 7_900
const MAX_TICKETS = 50

export interface Changed {
  ticketIds: readonly string[]
  matchIds?: readonly string[]
  gameSessionArns?: readonly string[]
}

/**
 * Hints to whoever listens, delivered when the transaction commits:
 * `{"environment","tickets":[…],"matches":[…],"sessions":[…]}`, or `{"environment","many":true}` when that is too long.
 */
export async function tellListeners(tx: Queryable, environment: string, changed: Changed): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [LIVE_CHANNEL, livePayload(environment, changed)])
}

/** Hints that more has changed than can be named. */
export async function tellOfMany(tx: Queryable, environment: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [LIVE_CHANNEL, JSON.stringify({ environment, many: true })])
}

/** Hints to every page that the list of environments, or what is known of one of them, has changed. */
export async function tellOfEnvironments(tx: Queryable): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [LIVE_CHANNEL, JSON.stringify({ environment: '*', environments: true })])
}

export function livePayload(environment: string, { ticketIds, matchIds = [], gameSessionArns = [] }: Changed): string {
  const hints = JSON.stringify({ environment, tickets: ticketIds, matches: matchIds, sessions: gameSessionArns })
  const fits = ticketIds.length <= MAX_TICKETS && new TextEncoder().encode(hints).length <= MAX_PAYLOAD_BYTES
  return fits ? hints : JSON.stringify({ environment, many: true })
}
