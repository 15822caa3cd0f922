/** Which tickets of a large pool are worth weighing: the oldest, which the matcher asks first, and the nearest by values. */
import type { PoolPlayer, PoolTicket } from '#lib/engine/core/contract.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'

/** Tickets of a pool. */
type Waiting = Iterable<{ ticketId: string }> & { readonly size: number }

/** Tickets that are looked at when fewer are wanted: the oldest half, and as many evenly spread over the rest. */
const LOOKED_AT = 2_000

/**
 * Up to `most` of `waiting` besides `ticket`'s own, which come oldest first. `read` gives a ticket of the pool; of a
 * pool of any size it is asked for two thousand, or `most` if that is more.
 */
export function chooseOthers(
  waiting: Waiting,
  ticket: PoolTicket,
  plan: Plan,
  most: number,
  read: (ticketId: string) => PoolTicket,
): PoolTicket[] {
  const looked = lookedAt(waiting, ticket.ticketId, Math.max(most + 1, LOOKED_AT)).map(read)
  if (looked.length <= most) return looked
  const oldest = looked.slice(0, Math.ceil(most / 2))
  const rest = looked.slice(oldest.length)
  const distance = distanceFrom(ticket, plan)
  const nearest = rest
    .map((other) => ({ other, far: distance(other) }))
    .sort((one, other) => one.far - other.far)
    .slice(0, most - oldest.length)
  return [...oldest, ...nearest.map(({ other }) => other)]
}

function lookedAt(waiting: Waiting, own: string, most: number): string[] {
  const chosen: string[] = []
  const stride = Math.max(1, (waiting.size - most / 2) / (most / 2))
  let next = most / 2
  let position = 0
  for (const { ticketId } of waiting) {
    const isChosen = position < most / 2 || position >= next
    if (isChosen && position >= next) next += stride
    if (isChosen && ticketId !== own) chosen.push(ticketId)
    position++
  }
  return chosen
}

/** How far apart two tickets are by the rules that two values decide, in relation to what these allow. */
function distanceFrom(ticket: PoolTicket, { fast, columns, ruleSet }: Plan): (other: PoolTicket) => number {
  const limits = fast.spreads.flatMap(({ rule, column, factor }) => {
    const bounds = ruleSet.rules[rule]
    const max = bounds?.type === 'distance' || bounds?.type === 'batchDistance' ? bounds.maxDistance : null
    const attribute = columns.all[column]?.attribute
    return max === null || attribute === undefined ? [] : [{ attribute, limit: Math.max(1, factor * max) }]
  })
  const same = fast.equals.flatMap(({ column }) => columns.all[column]?.attribute ?? [])
  const own = limits.map(({ attribute }) => average(ticket, attribute))
  const ownTexts = same.map((attribute) => ticket.players[0]?.attributes[attribute]?.S)
  return (other) => {
    let sum = 0
    for (const [index, { attribute, limit }] of limits.entries()) {
      sum += Math.abs(average(other, attribute) - (own[index] ?? 0)) / limit
    }
    // A text that differs never comes nearer, so it counts for more than any usual distance.
    for (const [index, attribute] of same.entries()) {
      if (other.players[0]?.attributes[attribute]?.S !== ownTexts[index]) sum += 10
    }
    return sum
  }
}

function average({ players }: PoolTicket, attribute: string): number {
  const sum = players.reduce((total, player) => total + numberOf(player, attribute), 0)
  return players.length === 0 ? 0 : sum / players.length
}

function numberOf({ attributes }: PoolPlayer, attribute: string): number {
  return attributes[attribute]?.N ?? 0
}
