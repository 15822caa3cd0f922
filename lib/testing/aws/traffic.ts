/** Players of a game on the fake GameLift: every way a ticket can end, straight at the engine so that no fault stops them. */
import {
  AcceptMatchCommand,
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  GameLiftClient,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import type { FakeAws } from './fake-aws.ts'

export interface Traffic {
  /**
   * Starts so many tickets, `atOnce` of them under way together, and does with each what its number says. `mayGoOn` is
   * asked before each: it may hold the player up, or end the play with false.
   */
  play(tickets: number, atOnce: number, mayGoOn?: () => Promise<boolean>): Promise<void>
  ticketIds: string[]
  /** By ticket, what GameLift says now. */
  statuses(): Promise<Map<string, string>>
  close(): void
}

const DESCRIBED_AT_ONCE = 10
/** Short, so that a run sees tickets time out; long enough to be matched. */
const REQUEST_TIMEOUT_SECONDS = 20
const ACCEPTANCE_TIMEOUT_SECONDS = 5

/** `duel` matches at once, `ranked` asks both players, `alone` never finds anybody. */
export async function createTraffic(aws: FakeAws): Promise<Traffic> {
  const gamelift = new GameLiftClient({
    endpoint: aws.engine.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'game', secretAccessKey: 'game' },
  })
  await createConfiguration(gamelift, 'duel', { players: 1, acceptance: false })
  await createConfiguration(gamelift, 'ranked', { players: 1, acceptance: true })
  await createConfiguration(gamelift, 'alone', { players: 20, acceptance: false })
  const ticketIds: string[] = []
  let started = 0

  async function playOne(number: number): Promise<void> {
    const TicketId = `ticket-${number}`
    const configuration = number % 20 === 7 ? 'alone' : number % 4 < 2 ? 'duel' : 'ranked'
    const Players = [{ PlayerId: `player-${number}` }]
    await gamelift.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: configuration, Players }))
    ticketIds.push(TicketId)
    if (configuration === 'alone' && number % 40 === 7) {
      // Where many play, forty come together in time: then it is too late.
      await gamelift.send(new StopMatchmakingCommand({ TicketId })).catch(() => {})
    } else if (configuration === 'ranked') await answer(TicketId, `player-${number}`, number % 30 !== 3)
  }

  /** Once a match is proposed; one in thirty says no, and one in forty says nothing. */
  async function answer(TicketId: string, playerId: string, yes: boolean): Promise<void> {
    if (TicketId.endsWith('22')) return
    for (let attempt = 0; attempt < 20; attempt++) {
      const { TicketList = [] } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: [TicketId] }))
      const status = TicketList[0]?.Status
      if (status === 'REQUIRES_ACCEPTANCE') {
        const AcceptanceType = yes ? 'ACCEPT' : 'REJECT'
        // Too late is a way to end too.
        await gamelift.send(new AcceptMatchCommand({ TicketId, PlayerIds: [playerId], AcceptanceType })).catch(() => {})
        return
      }
      if (status !== 'QUEUED' && status !== 'SEARCHING') return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  return {
    ticketIds,
    async play(tickets, atOnce, mayGoOn = async () => true) {
      const end = started + tickets
      const player = async () => {
        while (started < end && (await mayGoOn())) await playOne(started++)
      }
      await Promise.all(Array.from({ length: atOnce }, player))
    },
    async statuses() {
      const found = new Map<string, string>()
      for (let from = 0; from < ticketIds.length; from += DESCRIBED_AT_ONCE) {
        const TicketIds = ticketIds.slice(from, from + DESCRIBED_AT_ONCE)
        const { TicketList = [] } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds }))
        for (const { TicketId, Status } of TicketList) found.set(String(TicketId), String(Status))
      }
      return found
    },
    close: () => gamelift.destroy(),
  }
}

async function createConfiguration(
  gamelift: GameLiftClient,
  name: string,
  { players, acceptance }: { players: number; acceptance: boolean },
): Promise<void> {
  const team = (color: string) => ({ name: color, minPlayers: players, maxPlayers: players })
  const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', teams: [team('red'), team('blue')] })
  await gamelift.send(new CreateMatchmakingRuleSetCommand({ Name: name, RuleSetBody }))
  await gamelift.send(
    new CreateMatchmakingConfigurationCommand({
      Name: name,
      RuleSetName: name,
      RequestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      AcceptanceRequired: acceptance,
      ...(acceptance ? { AcceptanceTimeoutSeconds: ACCEPTANCE_TIMEOUT_SECONDS } : {}),
      FlexMatchMode: 'STANDALONE',
    }),
  )
}
