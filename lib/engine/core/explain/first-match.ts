/**
 * When the tickets that wait now first make a match with the explained one: now, or at one of the instants at which some
 * ticket grows old enough for an expansion step. Newcomers are not foreseen; tickets that time out drop out.
 *
 * A match's stage is that of its newest (or oldest) ticket. So at the instant at which a ticket reaches a stage, only
 * matches of that stage in which it is the newest (or oldest) are new, and every search is of one stage.
 */
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { PairScales } from './pair-weighing.ts'
import { regionGroups } from './region-groups.ts'
import type { StageRules } from './stage-rules.ts'
import { isNearer, type NearSet, type PlacedSet, searchStage, type Work } from './stage-search.ts'
import { joinedStage, type Subject, stageAt } from './subject.ts'

export interface FirstMatchInput {
  plan: Plan
  ticket: Subject
  /** Most promising first. */
  others: readonly Subject[]
  nowMs: number
  scales: PairScales
  stageRules: (stage: number) => StageRules
  work: Work
}

export interface FirstMatch {
  /** null: no match, at any time before the time-out. */
  found: { set: PlacedSet; atMs: number } | null
  /** Every way was looked at, up to the time of what was found. */
  complete: boolean
  /** What comes closest to a match now. */
  nearest: NearSet | null
}

/** A search of one stage, for matches that have one of `movers`. */
interface Quest {
  atMs: number
  stage: number
  movers: ReadonlySet<Subject>
}

export function firstMatch(input: FirstMatchInput): FirstMatch {
  let complete = true
  let nearest: NearSet | null = null
  for (const quest of questsNow(input)) {
    const result = searchFor(quest, input)
    if (result === null) continue
    if (result.found !== null) return { found: { set: result.found, atMs: quest.atMs }, complete, nearest }
    complete &&= result.complete
    if (result.nearest !== null && (nearest === null || isNearer(result.nearest, nearest))) nearest = result.nearest
  }
  for (const quest of questsLater(input)) {
    if (input.work.left <= 0) return { found: null, complete: false, nearest }
    const result = searchFor(quest, input)
    if (result === null) continue
    if (result.found !== null) return { found: { set: result.found, atMs: quest.atMs }, complete, nearest }
    complete &&= result.complete
  }
  return { found: null, complete, nearest }
}

/** One for each stage a match can have now, that of the ticket itself first. */
function questsNow({ plan, ticket, others, nowMs }: FirstMatchInput): Quest[] {
  const own = stageAt(ticket, plan, nowMs)
  const byStage = new Map<number, Set<Subject>>([[own, new Set([ticket])]])
  for (const other of others) {
    const stage = stageAt(other, plan, nowMs)
    // Otherwise the ticket itself is newer (or older), and a match with both has another stage.
    if (joinedStage(plan, own, stage) !== stage) continue
    const there = byStage.get(stage) ?? new Set()
    byStage.set(stage, there.add(other))
  }
  return [...byStage].map(([stage, movers]) => ({ atMs: nowMs, stage, movers }))
}

/** In order of time, until the ticket times out. */
function questsLater({ plan, ticket, others, nowMs }: FirstMatchInput): Quest[] {
  const quests = new Map<string, { atMs: number; stage: number; movers: Set<Subject> }>()
  for (const mover of [ticket, ...others]) {
    for (const [index, ageMs] of plan.stageAgesMs.entries()) {
      const atMs = mover.startMs + ageMs
      if (atMs <= nowMs || atMs >= ticket.deadlineMs || atMs >= mover.deadlineMs) continue
      if (joinedStage(plan, stageAt(ticket, plan, atMs), index + 1) !== index + 1) continue
      const key = `${atMs} ${index}`
      const quest = quests.get(key) ?? { atMs, stage: index + 1, movers: new Set<Subject>() }
      quests.set(key, quest)
      quest.movers.add(mover)
    }
  }
  return [...quests.values()].sort((one, other) => one.atMs - other.atMs || one.stage - other.stage)
}

/** null when it is plain that there is nothing to search. */
function searchFor({ atMs, stage, movers }: Quest, input: FirstMatchInput) {
  const { plan, ticket, others, scales, work } = input
  const rules = input.stageRules(stage)
  const isMover = movers.has(ticket)
  // Asked first, because most instants concern one ticket, and most pairs do not fit.
  const movable = isMover ? [] : [...movers].filter((other) => scales.fits(other, rules))
  if (!isMover && movable.length === 0) return null
  const candidates = others.filter(
    (other) =>
      other.deadlineMs > atMs &&
      (isMover || !movers.has(other)) &&
      joinedStage(plan, stageAt(other, plan, atMs), stage) === stage &&
      scales.fits(other, rules),
  )
  const all = [...movable, ...candidates]
  const search = { plan, stage: rules, ticket, oneOf: isMover ? null : new Set(movable), work }
  const result = searchStage({ ...search, candidates: all })
  if (result.found !== null || result.complete) return result
  for (const group of regionGroups(plan, rules, ticket, all)) {
    const within = searchStage({ ...search, candidates: group, greedyOnly: true })
    if (within.found !== null) return within
  }
  return result
}
