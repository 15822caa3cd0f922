/** The virtual players' doings, one step at a time. Times are given, so that a test can let an hour pass. */
import {
  AcceptMatchCommand,
  DescribeGameSessionsCommand,
  DescribeMatchmakingCommand,
  type GameLiftClient,
  type MatchmakingTicket,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
  TerminateGameSessionCommand,
} from '@aws-sdk/client-gamelift'
import { type Party, planAnswers, planLeaving } from './party.ts'
import { PROFILES, type Profile } from './profiles.ts'
import { createRandom } from './random.ts'
import { createRoster, type VirtualPlayer } from './roster.ts'
import { createWhatIsMissing, DEMO_FLEET } from './world.ts'

const LOOK_EVERY_MS = 2_000
const OPENING_MS = 6_000
/** The rate swells and ebbs by half around its mean, each configuration in its own rhythm. */
const SWELL = { share: 0.5, periodMs: 7 * 60_000 }
const IDS_PER_CALL = 10
const MOST_SESSIONS_PER_PAGE = 100
const OPEN = ['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING']

export interface Traffic {
  /** Does what is due at `nowMs`. Ends early when `cancelled` says so; throws when GameLift cannot be reached. */
  step(nowMs: number, cancelled?: () => boolean): Promise<void>
  readonly openTickets: number
}

/** `run` makes ticket ids unique: GameLift refuses an id it has seen. The rest follows from the seed. */
export function createTraffic(
  client: Pick<GameLiftClient, 'send'>,
  { seed, region, run }: { seed: string; region: string; run: string },
): Traffic {
  const random = createRandom(`${seed} traffic`)
  const roster = createRoster(seed, region)
  const parties = new Map<string, Party>()
  const sessionEndsAt = new Map<string, number>()
  const nextArrivalAt = new Map<Profile, number[]>()
  let worldIsThere = false
  let lookAt = 0
  let count = 0

  async function settleIn(nowMs: number): Promise<void> {
    await createWhatIsMissing(client, region)
    for (const arn of await runningSessions(client)) {
      if (!sessionEndsAt.has(arn)) sessionEndsAt.set(arn, nowMs + random.between(60_000, 300_000))
    }
    worldIsThere = true
  }

  function arrivalsDue(profile: Profile, nowMs: number): number {
    let times = nextArrivalAt.get(profile)
    if (!times) {
      times = Array.from({ length: profile.openingTickets }, () => nowMs + random.between(0, OPENING_MS))
      times.push(nowMs + OPENING_MS)
      nextArrivalAt.set(profile, times)
    }
    const due = times.filter((time) => time <= nowMs)
    if (due.length === 0) return 0
    const later = times.filter((time) => time > nowMs)
    if (later.length === 0) later.push(nowMs + random.waitFor(60_000 / rateAt(profile, nowMs)))
    nextArrivalAt.set(profile, later)
    const open = [...parties.values()].filter((party) => party.profile === profile).length
    return Math.min(due.length, Math.max(0, profile.mostOpenTickets - open))
  }

  async function arrive(profile: Profile, nowMs: number): Promise<void> {
    const players = gather(random.pick(profile.partySizes))
    if (players.length === 0) return
    const ticketId = `${profile.configuration}-${run}-${++count}`
    const asked = await lived(
      client.send(
        new StartMatchmakingCommand({
          TicketId: ticketId,
          ConfigurationName: profile.configuration,
          Players: players.map((player) => ({
            PlayerId: player.playerId,
            PlayerAttributes: profile.attributes(player, players, random),
            LatencyInMs: player.latencyMs,
          })),
        }),
      ),
    )
    if (asked)
      parties.set(ticketId, { ticketId, profile, players, leavesAt: planLeaving(nowMs, random), answers: null })
    else worldIsThere = false // somebody may have deleted the configuration
  }

  /** People who are not waiting already; now and then somebody asks again all the same, and supersedes their ticket. */
  function gather(size: number): VirtualPlayer[] {
    const waiting = new Set([...parties.values()].flatMap(({ players }) => players.map(({ playerId }) => playerId)))
    const again = random.chance(0.01)
    const free = roster.filter(({ playerId }) => again || !waiting.has(playerId))
    const party: VirtualPlayer[] = []
    while (party.length < size && free.length > 0) {
      party.push(...free.splice(Math.floor(random.next() * free.length), 1))
    }
    return party
  }

  async function act(party: Party, nowMs: number): Promise<void> {
    if (party.leavesAt !== null && party.leavesAt <= nowMs && party.answers === null) {
      party.leavesAt = null
      await lived(client.send(new StopMatchmakingCommand({ TicketId: party.ticketId })))
    }
    const due = party.answers?.filter(({ at }) => at <= nowMs) ?? []
    if (due.length > 0) party.answers = party.answers?.filter(({ at }) => at > nowMs) ?? null
    for (const { playerId, answer } of due) {
      await lived(
        client.send(
          new AcceptMatchCommand({ TicketId: party.ticketId, PlayerIds: [playerId], AcceptanceType: answer }),
        ),
      )
    }
  }

  /** Looks at every open ticket, as a game's backend would, and notes what its party does next. */
  async function look(nowMs: number, cancelled: () => boolean): Promise<void> {
    const ids = [...parties.keys()]
    for (let at = 0; at < ids.length && !cancelled(); at += IDS_PER_CALL) {
      const asked = ids.slice(at, at + IDS_PER_CALL)
      const { TicketList = [] } = await client.send(new DescribeMatchmakingCommand({ TicketIds: asked }))
      const found = new Map(TicketList.map((ticket) => [ticket.TicketId, ticket]))
      for (const ticketId of asked) notice(ticketId, found.get(ticketId), nowMs)
    }
  }

  function notice(ticketId: string, ticket: MatchmakingTicket | undefined, nowMs: number): void {
    const party = parties.get(ticketId)
    if (!party) return
    if (!ticket?.Status || !OPEN.includes(ticket.Status)) {
      parties.delete(ticketId)
      const arn = ticket?.GameSessionConnectionInfo?.GameSessionArn
      const { least, most } = party.profile.sessionSeconds
      if (arn && !sessionEndsAt.has(arn)) sessionEndsAt.set(arn, nowMs + random.between(least, most) * 1_000)
    } else if (ticket.Status !== 'REQUIRES_ACCEPTANCE') party.answers = null
    else party.answers ??= planAnswers(party.players, nowMs, random)
  }

  async function endSessions(nowMs: number): Promise<void> {
    for (const [arn, endsAt] of sessionEndsAt) {
      if (endsAt > nowMs) continue
      sessionEndsAt.delete(arn)
      await lived(
        client.send(new TerminateGameSessionCommand({ GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' })),
      )
    }
  }

  return {
    async step(nowMs, cancelled = () => false) {
      if (!worldIsThere) await settleIn(nowMs)
      for (const profile of PROFILES) {
        for (let due = arrivalsDue(profile, nowMs); due > 0 && !cancelled(); due--) await arrive(profile, nowMs)
      }
      for (const party of parties.values()) if (!cancelled()) await act(party, nowMs)
      if (nowMs >= lookAt && !cancelled()) {
        lookAt = nowMs + LOOK_EVERY_MS
        await look(nowMs, cancelled)
      }
      if (!cancelled()) await endSessions(nowMs)
    },
    get openTickets() {
      return parties.size
    },
  }
}

function rateAt(profile: Profile, nowMs: number): number {
  const phase = PROFILES.indexOf(profile) * 2
  return profile.ticketsPerMinute * (1 + SWELL.share * Math.sin((2 * Math.PI * nowMs) / SWELL.periodMs + phase))
}

/** Sessions of an earlier run that nobody would end otherwise. */
async function runningSessions(client: Pick<GameLiftClient, 'send'>): Promise<string[]> {
  const arns: string[] = []
  let NextToken: string | undefined
  do {
    const page = await client
      .send(
        new DescribeGameSessionsCommand({
          FleetId: DEMO_FLEET,
          StatusFilter: 'ACTIVE',
          Limit: MOST_SESSIONS_PER_PAGE,
          NextToken,
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NotFoundException')
          return { GameSessions: [], NextToken: undefined }
        throw error
      })
    arns.push(...(page.GameSessions ?? []).flatMap(({ GameSessionId }) => GameSessionId ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return arns
}

/** Being refused is part of life (a match just fell through, a ticket just ended); being unable to ask is not. */
async function lived(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    const refused =
      error instanceof Error &&
      /^(InvalidRequest|NotFound|LimitExceeded|Conflict|InvalidGameSessionStatus|NotReady)Exception$/.test(error.name)
    if (refused) return false
    throw error
  }
}
