/** The three games the demo plays: what exists for them in GameLift, and how their players behave. */
import type { AttributeValue, CreateMatchmakingConfigurationInput } from '@aws-sdk/client-gamelift'
import type { Random } from './random.ts'
import type { VirtualPlayer } from './roster.ts'

export interface Profile {
  configuration: string
  ruleSet: object
  settings: Omit<CreateMatchmakingConfigurationInput, 'Name' | 'RuleSetName'>
  usesQueue: boolean
  ticketsPerMinute: number
  /** Tickets that arrive in the first seconds, so that a newcomer sees life at once. */
  openingTickets: number
  mostOpenTickets: number
  /** Drawn evenly. */
  partySizes: readonly [number, ...number[]]
  /** How long a game lasts. */
  sessionSeconds: { least: number; most: number }
  attributes(player: VirtualPlayer, party: readonly VirtualPlayer[], random: Random): Record<string, AttributeValue>
}

const ranked: Profile = {
  configuration: 'ranked-5v5',
  ruleSet: {
    name: 'ranked-5v5',
    ruleLanguageVersion: '1.0',
    playerAttributes: [
      { name: 'skill', type: 'number', default: 1500 },
      { name: 'role', type: 'string', default: 'striker' },
    ],
    teams: [
      { name: 'blue', minPlayers: 5, maxPlayers: 5 },
      { name: 'red', minPlayers: 5, maxPlayers: 5 },
    ],
    rules: [
      {
        name: 'FairTeams',
        description: 'Both teams are near the average skill of the match',
        type: 'distance',
        measurements: ['avg(teams[*].players.attributes[skill])'],
        referenceValue: 'avg(flatten(teams[*].players.attributes[skill]))',
        maxDistance: 80,
      },
      { name: 'FastConnection', description: 'One region is near enough for all', type: 'latency', maxLatency: 120 },
    ],
    expansions: [
      {
        target: 'rules[FairTeams].maxDistance',
        steps: [
          { waitTimeSeconds: 15, value: 160 },
          { waitTimeSeconds: 40, value: 400 },
        ],
      },
      { target: 'rules[FastConnection].maxLatency', steps: [{ waitTimeSeconds: 25, value: 220 }] },
    ],
  },
  settings: {
    Description: 'Ranked, two teams of five: skill and latency, every player accepts.',
    FlexMatchMode: 'WITH_QUEUE',
    BackfillMode: 'MANUAL',
    RequestTimeoutSeconds: 180,
    AcceptanceRequired: true,
    AcceptanceTimeoutSeconds: 20,
  },
  usesQueue: true,
  ticketsPerMinute: 8,
  openingTickets: 7,
  mostOpenTickets: 30,
  partySizes: [1, 1, 1, 1, 2, 2, 3],
  sessionSeconds: { least: 120, most: 300 },
  attributes: (player) => ({ skill: { N: player.skill }, role: { S: player.role } }),
}

const coOp: Profile = {
  configuration: 'co-op',
  ruleSet: {
    name: 'co-op',
    ruleLanguageVersion: '1.0',
    playerAttributes: [
      { name: 'difficulty', type: 'string' },
      { name: 'maps', type: 'string_list', default: ['harbor', 'canyon', 'glacier', 'temple'] },
    ],
    teams: [{ name: 'crew', minPlayers: 2, maxPlayers: 4 }],
    rules: [
      {
        name: 'SameDifficulty',
        type: 'comparison',
        measurements: ['flatten(teams[*].players.attributes[difficulty])'],
        operation: '=',
      },
      {
        name: 'SharedMap',
        type: 'collection',
        measurements: ['flatten(teams[*].players.attributes[maps])'],
        operation: 'intersection',
        minCount: 1,
      },
    ],
  },
  settings: {
    Description: 'A crew of two to four; free places are filled automatically while the game runs.',
    FlexMatchMode: 'WITH_QUEUE',
    BackfillMode: 'AUTOMATIC',
    RequestTimeoutSeconds: 240,
    AcceptanceRequired: false,
  },
  usesQueue: true,
  ticketsPerMinute: 3,
  openingTickets: 3,
  mostOpenTickets: 15,
  partySizes: [1, 1, 2],
  sessionSeconds: { least: 150, most: 420 },
  attributes: (player, party) => ({
    // A party has decided together: its first player's way of playing counts.
    difficulty: { S: (party[0] ?? player).skill > 1650 ? 'hard' : 'normal' },
    maps: { SL: player.maps },
  }),
}

const duel: Profile = {
  configuration: 'duel-1v1',
  ruleSet: {
    name: 'duel-1v1',
    ruleLanguageVersion: '1.0',
    playerAttributes: [{ name: 'skill', type: 'number', default: 1500 }],
    teams: [
      { name: 'left', minPlayers: 1, maxPlayers: 1 },
      { name: 'right', minPlayers: 1, maxPlayers: 1 },
    ],
    rules: [
      {
        name: 'CloseSkill',
        type: 'distance',
        measurements: ['avg(teams[left].players.attributes[skill])'],
        referenceValue: 'avg(teams[right].players.attributes[skill])',
        maxDistance: 150,
      },
    ],
    expansions: [{ target: 'rules[CloseSkill].maxDistance', steps: [{ waitTimeSeconds: 10, value: 500 }] }],
  },
  settings: {
    Description: 'Quick duels; the game hosts its own sessions (standalone).',
    FlexMatchMode: 'STANDALONE',
    RequestTimeoutSeconds: 60,
    AcceptanceRequired: false,
  },
  usesQueue: false,
  ticketsPerMinute: 5,
  openingTickets: 3,
  mostOpenTickets: 15,
  partySizes: [1],
  sessionSeconds: { least: 60, most: 60 },
  attributes: (player) => ({ skill: { N: player.skill } }),
}

export const PROFILES: readonly Profile[] = [ranked, coOp, duel]
