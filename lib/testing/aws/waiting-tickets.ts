/** Tickets on the fake GameLift that no match ever takes, for tests of what is done to them. */
import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  GameLiftClient,
} from '@aws-sdk/client-gamelift'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import { describeNow } from '#lib/tickets/reconcile.ts'
import type { FakeAws } from './fake-aws.ts'

const CONFIGURATION = 'alone'

/** The configuration: its tickets search for an hour. Once for each fake AWS. */
export async function createAlone(aws: FakeAws): Promise<void> {
  const game = new GameLiftClient({
    endpoint: aws.engine.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'game', secretAccessKey: 'game' },
  })
  const teams = ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 1 }))
  const playerAttributes = [{ name: 'skill', type: 'number', default: 1 }]
  const measurements = ['avg(teams[red].players.attributes[skill])']
  const rules = [{ name: 'never', type: 'comparison', measurements, referenceValue: 1_000, operation: '>' }]
  const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', playerAttributes, teams, rules })
  await game.send(new CreateMatchmakingRuleSetCommand({ Name: CONFIGURATION, RuleSetBody }))
  await game.send(
    new CreateMatchmakingConfigurationCommand({
      ...{ Name: CONFIGURATION, RuleSetName: CONFIGURATION, AcceptanceRequired: false, FlexMatchMode: 'STANDALONE' },
      RequestTimeoutSeconds: 3_600,
    }),
  )
  game.destroy()
}

/** Starts so many after `createAlone`, and the index of `environment` knows them. Their ids. */
export async function startAlone(db: Db, aws: FakeAws, environment: Environment, number: number): Promise<string[]> {
  const { endpoint } = aws.engine
  const clients = connect({ ...environment, kind: 'local', endpoint })
  const engine = gameLift(clients)
  const ids = Array.from({ length: number }, (_, index) => `${environment.name}-${index}`)
  for (const ticketId of ids) {
    await engine.start({
      ...{ ticketId, configuration: CONFIGURATION },
      players: [{ playerId: ticketId, attributes: {}, latencyMs: {} }],
    })
  }
  await describeNow(db, environment.name, engine, ids)
  clients.close()
  return ids
}
