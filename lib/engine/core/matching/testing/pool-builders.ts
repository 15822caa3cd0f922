/** Builders for tests: each states only what matters. */
import { readFileSync } from 'node:fs'
import type { PoolPlayer, PoolTicket } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'

export const T0 = 1_700_000_000_000

export type PlainValue = number | string | string[] | Record<string, number>
export type Attributes = Record<string, PlainValue>
export interface PlayerSpec {
  id?: string
  team?: string
  attributes?: Attributes
  latencyMs?: Record<string, number>
}

/** A ticket of these players; `at` is its start in seconds after T0. */
export function aTicket(
  ticketId: string,
  players: readonly PlayerSpec[],
  { at = 0, arrival = 0, backfill = null }: { at?: number; arrival?: number; backfill?: PoolTicket['backfill'] } = {},
): PoolTicket {
  return {
    ticketId,
    backfill,
    startTimeMs: T0 + at * 1000,
    arrival,
    players: players.map((player, index) => aPlayer(player, `${ticketId}-p${index + 1}`)),
  }
}

/** One single-player ticket per attribute record, all started together, in this order. */
export function solos(attributes: readonly Attributes[], prefix = 't'): PoolTicket[] {
  return attributes.map((one, index) => aTicket(`${prefix}${index + 1}`, [{ attributes: one }], { arrival: index }))
}

function aPlayer({ id, team, attributes = {}, latencyMs }: PlayerSpec, playerId: string): PoolPlayer {
  return {
    playerId: id ?? playerId,
    team: team ?? null,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)])),
    latencyMs: latencyMs ?? null,
  }
}

function attributeValue(value: PlainValue): AttributeValue {
  if (typeof value === 'number') return { N: value }
  if (typeof value === 'string') return { S: value }
  return Array.isArray(value) ? { SL: value } : { SDM: value }
}

/** A rule set of the fixtures, by the number its file begins with. */
export function fixtureRuleSet(file: string): RuleSet {
  const folder = new URL('../../../../flexmatch/rule-set/fixtures/valid/', import.meta.url)
  return parseRuleSet(readFileSync(new URL(`${file}.json`, folder), 'utf8'))
}

/** A small seeded generator (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
