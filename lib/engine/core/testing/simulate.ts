/** Runs one life from a seed and has it watched. */
import { LifeChecker } from './check-life.ts'
import { Dice, type Emphasis, happening, opening, randomOptions } from './random-world.ts'
import { Simulation } from './simulation.ts'

const START_MS = Date.UTC(2026, 1, 3, 18, 20, 0)
const LONGEST = 90

/** Returns where the life led. Throws with the seed, the number of the entry and what was wrong. */
export function simulate(seed: number, emphasis: Emphasis): Set<string> {
  const dice = new Dice(seed)
  const simulation = new Simulation(randomOptions(dice), START_MS)
  const checker = new LifeChecker()
  try {
    live(dice, emphasis, simulation, checker)
    simulation.crash((count) => dice.below(count))
    simulation.audit()
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    const last = JSON.stringify(simulation.journal.at(-1))
    throw new Error(`${emphasis}, seed ${seed}, after ${last}: ${what}`, { cause: error })
  }
  return checker.met
}

function live(dice: Dice, emphasis: Emphasis, simulation: Simulation, checker: LifeChecker): void {
  const apply = (command: Parameters<Simulation['apply']>[0]) => {
    const { entry, reply } = simulation.apply(command)
    checker.observe(simulation.engine, entry, reply)
  }
  for (const command of opening(dice, emphasis)) apply(command)
  const steps = 10 + dice.below(LONGEST)
  for (let step = 0; step < steps; step++) {
    const next = happening(dice, emphasis, simulation.engine, checker, step)
    if (next === 'crash') simulation.crash((count) => dice.below(count))
    else if (next === 'save') simulation.save()
    else if ('operation' in next) apply(next)
    else wait(simulation, next, () => apply({ operation: 'Tick' }))
  }
}

/** Time passes, with a Tick when something is due; or without any, when the process is away. */
function wait(
  simulation: Simulation,
  { waitMs, ticking }: { waitMs: number; ticking: boolean },
  tick: () => void,
): void {
  const endMs = simulation.wallMs + waitMs
  for (let ticks = 0; ticking; ticks++) {
    const due = simulation.engine.dueAtMs()
    if (due === null || due > endMs) break
    if (ticks > 5000) throw new Error('something is due without end')
    simulation.wallMs = Math.max(simulation.wallMs, due)
    tick()
  }
  simulation.wallMs = endMs
}

/** What some of the lives must have met, or nothing is said by all of them being in order. */
const EVERYWHERE = [
  ...['MatchmakingSearching', 'PotentialMatchCreated true', 'PotentialMatchCreated false', 'AcceptMatch'],
  ...['Accepted', 'Rejected', 'TimedOut'].map((acceptance) => `AcceptMatchCompleted ${acceptance}`),
  ...['MatchmakingSucceeded', 'MatchmakingTimedOut', 'MatchmakingCancelled', 'MatchmakingFailed'],
  ...['PlacementFulfilled', 'PlacementTimedOut', 'PlacementFailed'],
  ...['SEARCHING PlacementTimedOut', 'CANCELLED Rejected', 'CANCELLED AcceptanceTimedOut'].map((rest) => `new ${rest}`),
  ...['new', 'backfill'].flatMap((kind) => [
    ...['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING', 'COMPLETED'].map((status) => `${kind} ${status}`),
    ...['SEARCHING AcceptanceFailed', 'CANCELLED Cancelled', 'CANCELLED Cancelled due to duplicate player'].map(
      (rest) => `${kind} ${rest}`,
    ),
    ...['TIMED_OUT TimedOut', 'FAILED UNEXPECTED_ERROR'].map((rest) => `${kind} ${rest}`),
  ]),
]

/**
 * Seeds 1, 2, 3, …: the same on every machine. SIMULATION_SEED=417 runs that one alone; SIMULATIONS=100000 runs as many
 * as there is time for. Returns the places where none of them led.
 */
export function simulateMany(emphasis: Emphasis, count: number): string[] {
  const alone = Number(process.env.SIMULATION_SEED ?? 0)
  const last = alone || Number(process.env.SIMULATIONS ?? count)
  const met = new Set<string>()
  for (let seed = alone || 1; seed <= last; seed++) for (const place of simulate(seed, emphasis)) met.add(place)
  return last - alone < count ? [] : EVERYWHERE.filter((place) => !met.has(place))
}
