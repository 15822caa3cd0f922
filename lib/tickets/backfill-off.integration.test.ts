import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { carryOut } from '#lib/access/carry-out.ts'
import { ownPage, personWithRole, testAccess } from '#lib/access/testing/access.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import { parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { turnOffBackfill } from './backfill-off.ts'
import * as commands from './commands.ts'
import { TurnOffAutomaticBackfillInput } from './inputs.ts'
import { type CoOpGame, coOpGame } from './testing/co-op-game.ts'

const database = testDatabase()
const READER = 'arn:aws:iam::111122223333:role/matchdesk-read'
const WRITER = 'arn:aws:iam::111122223333:role/matchdesk-act'

let aws: FakeAws
beforeAll(async () => {
  aws = await startFakeAws({ externalIds: { [READER]: 'desk', [WRITER]: 'desk' } })
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.stop()
})

/** AWS with a role to read and one to act, and the engine asked directly: only who is asked, and as whom, differs. */
const ENVIRONMENTS: Record<string, () => Environment> = {
  aws: () =>
    anEnvironment({
      ...{ name: 'live-eu', kind: 'aws', region: aws.region, endpoint: null, protection: 'protected' },
      credentials: { readRoleArn: READER, writeRoleArn: WRITER, externalId: 'desk' },
    }),
  local: () => anEnvironment({ name: 'engine', region: aws.region, endpoint: aws.engine.endpoint }),
}

describe.each(Object.entries(ENVIRONMENTS))('turning automatic backfill off on %s', (kind, environmentOf) => {
  let environment: Environment
  let game: CoOpGame
  let clients: ReturnType<typeof connect>
  beforeAll(async () => {
    environment = environmentOf()
    clients = connect(environment)
    const fleet = `arn:aws:gamelift:${aws.region}::fleet/fleet-${randomUUID()}`
    const at = { endpoint: aws.engine.endpoint, region: aws.region }
    game = await coOpGame(at, `off-${kind}`, fleet, 'AUTOMATIC')
  })
  afterAll(() => clients.close())

  async function turnOff(gameSessionArn: string) {
    const matchmaker = gameLift(clients)
    const access = { ...testAccess(database.db), environments: fixedEnvironments([environment]) }
    const { cookie } = await personWithRole(database.db, 'operator', access.now())
    const grounds = { reason: 'the lobby is full', confirmation: environment.name }
    const input = { environment: environment.name, requestId: randomUUID(), gameSessionArn, ...grounds }
    const said = await carryOut(
      access,
      ownPage(cookie),
      TurnOffAutomaticBackfillInput,
      'backfill.off',
      input,
      (_, call) =>
        commands.turnOffAutomaticBackfill(
          { db: database.db, matchmaker, call, describeNow: async () => {}, describeSoon: () => {} },
          gameSessionArn,
        ),
    )
    const { rows } = await database.db.query(
      'select environment, step, target, outcome from audit where request_id = $1 order by step',
      [input.requestId],
    )
    return { said, audit: rows }
  }
  const dataOf = async (arn: string) => {
    const session = await gameLift(clients).describeGameSession(arn)
    return parseMatchmakerData(session?.matchmakerData ?? null, arn)
  }
  async function filling(name: string): Promise<{ arn: string; ticketId: string }> {
    const arn = await game.place(name)
    await expect.poll(async () => (await dataOf(arn)).autoBackfillTicketId, { timeout: 10_000 }).not.toBeNull()
    return { arn, ticketId: String((await dataOf(arn)).autoBackfillTicketId) }
  }

  it('stops the ticket the session names now, says so, leaves it off, and is in the trail', async () => {
    const { arn, ticketId } = await filling('one')
    const calls = aws.gamelift.calls.length
    const { said, audit } = await turnOff(arn)
    expect(said).toEqual({
      success: true,
      data: { stoppedTicketIds: [ticketId], checks: 3, autoBackfillMode: null, autoBackfillTicketId: null },
    })
    expect(audit).toMatchObject([
      { environment: environment.name, step: 0, target: arn, outcome: 'done' },
      { environment: environment.name, step: 1, target: ticketId, outcome: 'done' },
    ])
    expect(await dataOf(arn)).toMatchObject({ autoBackfillMode: null, autoBackfillTicketId: null })
    const [ticket] = await gameLift(clients).describeTickets([ticketId])
    expect(ticket?.observation.status).toBe('CANCELLED')
    if (kind === 'local') return
    const stops = aws.gamelift.calls.slice(calls).filter(({ operation }) => operation === 'StopMatchmaking')
    expect(stops).toHaveLength(1)
    expect([...new Set(aws.sts.assumed.map(({ roleArn }) => roleArn))].sort()).toEqual([WRITER, READER].sort())
  })

  it('does nothing where it is off already', async () => {
    const { arn } = await filling('twice')
    await turnOff(arn)
    const { said, audit } = await turnOff(arn)
    expect(said).toMatchObject({ success: true, data: { stoppedTicketIds: [], checks: 2 } })
    expect(audit).toHaveLength(1)
  })
})

describe('turning automatic backfill off when AWS is at its worst', () => {
  it('finds the stop of which it never heard, and never claims one that was refused', async () => {
    const environment = ENVIRONMENTS.aws!()
    const clients = connect(environment)
    const fleet = `arn:aws:gamelift:${aws.region}::fleet/fleet-${randomUUID()}`
    const game = await coOpGame({ endpoint: aws.engine.endpoint, region: aws.region }, 'off-worst', fleet, 'AUTOMATIC')
    const arn = await game.place('one')
    const matchmaker = gameLift(clients)
    const ticketIdNow = async () => {
      const session = await matchmaker.describeGameSession(arn)
      return parseMatchmakerData(session?.matchmakerData ?? null, arn).autoBackfillTicketId
    }
    await expect.poll(ticketIdNow, { timeout: 10_000 }).not.toBeNull()
    const ticketId = String(await ticketIdNow())
    const deps = {
      matchmaker,
      stop: (id: string) => matchmaker.stop(id),
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      now: () => performance.now(),
    }
    try {
      aws.plan({ throttlePercent: 100 })
      await expect(turnOffBackfill(arn, deps)).rejects.toMatchObject({ code: 'MATCHMAKER_UNAVAILABLE' })
      aws.plan({ ...NO_FAULTS, afterEffect: 'time-out' })
      expect(await turnOffBackfill(arn, deps)).toMatchObject({ stoppedTicketIds: [ticketId] })
    } finally {
      aws.plan(NO_FAULTS)
      clients.close()
    }
  })
})
