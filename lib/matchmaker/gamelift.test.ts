import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connect } from './connect.ts'
import { gameLift } from './gamelift.ts'

const servers: Server[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

type Answer = (
  operation: string,
  input: Record<string, unknown>,
  response: ServerResponse,
  request: IncomingMessage,
) => void

/** The wire as GameLift speaks it, with the real SDK on the other side. */
async function wire(answer: Answer) {
  const seen: { operation: string; input: Record<string, unknown> }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const operation = String(request.headers['x-amz-target']).replace('GameLift.', '')
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
    seen.push({ operation, input })
    response.setHeader('content-type', 'application/x-amz-json-1.1')
    answer(operation, input, response, request)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', new URL(endpoint).host)
  return {
    matchmaker: gameLift(connect({ region: 'us-east-1', kind: 'local', credentials: {}, endpoint })),
    seen,
    endpoint,
    server,
  }
}
const json = (response: ServerResponse, body: unknown) => response.end(JSON.stringify(body))
const refuse = (response: ServerResponse, type: string, message: string, status = 400) => {
  response.statusCode = status
  json(response, { __type: type, Message: message })
}
const invalid =
  (message: string): Answer =>
  (_, __, response) =>
    refuse(response, 'InvalidRequestException', message)
const IN_PLACING = 'Matchmaking ticket is in PLACING status and cannot be canceled.'

describe('the door to GameLift', () => {
  it('asks once whether there is an answer, for one configuration, however it fails', async () => {
    const { matchmaker, seen } = await wire((_, __, response) =>
      refuse(response, 'InternalServiceException', 'no', 500),
    )
    await expect(matchmaker.probe()).rejects.toMatchObject({ code: 'MATCHMAKER_UNAVAILABLE' })
    expect(seen).toEqual([{ operation: 'DescribeMatchmakingConfigurations', input: { Limit: 1 } }])
  })

  it('describes tickets with everything they carry', async () => {
    const { matchmaker, seen } = await wire((_, __, response) =>
      json(response, {
        TicketList: [
          {
            TicketId: 't-1',
            ConfigurationName: 'ranked',
            ConfigurationArn: 'arn:aws:gamelift:us-east-1:1:matchmakingconfiguration/ranked',
            Status: 'COMPLETED',
            StartTime: 1_700_000_000.5,
            EndTime: 1_700_000_010,
            EstimatedWaitTime: 7,
            Players: [
              {
                PlayerId: 'ana',
                Team: 'red',
                PlayerAttributes: {
                  skill: { N: 10 },
                  modes: { SL: ['duel'] },
                  name: { S: 'x' },
                  map: { SDM: { a: 1 } },
                },
                LatencyInMs: { 'us-east-1': 30 },
              },
              { PlayerId: 'bo' },
            ],
            GameSessionConnectionInfo: {
              GameSessionArn: 'arn:session',
              IpAddress: '1.2.3.4',
              Port: 7777,
              MatchedPlayerSessions: [{ PlayerId: 'ana', PlayerSessionId: 'psess-1' }],
            },
          },
        ],
      }),
    )
    expect(await matchmaker.describeTickets(['t-1', 't-gone'])).toEqual([
      {
        configuration: 'ranked',
        observation: {
          ticketId: 't-1',
          status: 'COMPLETED',
          statusReason: null,
          statusMessage: null,
          kind: 'new',
          startTime: 1_700_000_000_500,
          endTime: 1_700_000_010_000,
          estimatedWaitSeconds: 7,
          players: [
            {
              playerId: 'ana',
              team: 'red',
              attributes: { skill: { N: 10 }, modes: { SL: ['duel'] }, name: { S: 'x' }, map: { SDM: { a: 1 } } },
              latencyMs: { 'us-east-1': 30 },
              playerSessionId: 'psess-1',
            },
            { playerId: 'bo', team: null, attributes: {}, latencyMs: {}, playerSessionId: null },
          ],
          gameSessionArn: 'arn:session',
          ipAddress: '1.2.3.4',
          dnsName: null,
          port: 7777,
        },
      },
    ])
    expect(seen).toEqual([{ operation: 'DescribeMatchmaking', input: { TicketIds: ['t-1', 't-gone'] } }])
  })

  it('signs with made-up credentials for the local engine, whatever the process has', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAREAL'
    process.env.AWS_SECRET_ACCESS_KEY = 'real'
    try {
      let authorization = ''
      const { matchmaker } = await wire((_, __, response, request) => {
        authorization = String(request.headers.authorization)
        json(response, {})
      })
      await matchmaker.stop('t-1')
      expect(authorization).toContain('Credential=local/')
    } finally {
      delete process.env.AWS_ACCESS_KEY_ID
      delete process.env.AWS_SECRET_ACCESS_KEY
    }
  })

  it('reads every page, in the order of the names', async () => {
    const { matchmaker, seen } = await wire((_, input, response) =>
      json(
        response,
        input.NextToken === 'two'
          ? { Configurations: [{ Name: 'a' }] }
          : { Configurations: [{ Name: 'b', BackfillMode: 'AUTOMATIC' }], NextToken: 'two' },
      ),
    )
    const found = await matchmaker.listConfigurations()
    expect(found.map(({ name, backfillMode }) => [name, backfillMode])).toEqual([
      ['a', 'MANUAL'],
      ['b', 'AUTOMATIC'],
    ])
    expect(seen).toHaveLength(2)
  })

  it('gives up on pages that never end', async () => {
    const { matchmaker, seen } = await wire((_, __, response) => json(response, { RuleSets: [], NextToken: 'again' }))
    await expect(matchmaker.listRuleSets()).rejects.toThrow('Gave up after 100 pages')
    expect(seen).toHaveLength(100)
  })

  it('knows no game session that GameLift does not know', async () => {
    const { matchmaker } = await wire((_, __, response) => refuse(response, 'NotFoundException', 'no such session'))
    expect(await matchmaker.describeGameSession('arn:x')).toBeNull()
  })
})

describe('what GameLift refuses', () => {
  const cases: [string, Answer, (matchmaker: ReturnType<typeof gameLift>) => Promise<unknown>, string, RegExp][] = [
    [
      'stopping in PLACING',
      invalid(IN_PLACING),
      (m) => m.stop('t-1'),
      'TOO_LATE',
      /Too late to cancel: t-1 is being placed.*terminate-game-session/,
    ],
    [
      'stopping what is COMPLETED',
      invalid(IN_PLACING.replace('PLACING', 'COMPLETED')),
      (m) => m.stop('t-1'),
      'ALREADY_FINISHED',
      /t-1 is already COMPLETED/,
    ],
    [
      'stopping what is TIMED_OUT',
      invalid(IN_PLACING.replace('PLACING', 'TIMED_OUT')),
      (m) => m.stop('t-1'),
      'ALREADY_FINISHED',
      /already TIMED_OUT/,
    ],
    [
      'stopping what it does not know',
      (_, __, r) => refuse(r, 'NotFoundException', 'nope'),
      (m) => m.stop('t-1'),
      'GONE',
      /no longer knows t-1/,
    ],
    [
      'an answer too late',
      invalid('Matchmaking ticket is in SEARCHING status and cannot be accepted.'),
      (m) => m.accept('t-1', ['ana'], 'ACCEPT'),
      'NOT_WAITING',
      /t-1 is not waiting for acceptance\. It is SEARCHING now/,
    ],
    [
      'an answer for a stranger',
      invalid('Player bo is not in the ticket.'),
      (m) => m.accept('t-1', ['bo'], 'ACCEPT'),
      'REFUSED',
      /Player bo is not/,
    ],
    [
      'a start without configuration',
      (_, __, r) => refuse(r, 'NotFoundException', 'no configuration x'),
      (m) => m.start({ ticketId: 't', configuration: 'x', players: [] }),
      'NOT_FOUND',
      /no configuration x/,
    ],
    [
      'another reason',
      invalid('1 validation error detected'),
      (m) => m.stop('t-1'),
      'REFUSED',
      /1 validation error detected/,
    ],
    [
      'missing rights',
      (_, __, r) => refuse(r, 'AccessDeniedException', 'User x may not'),
      (m) => m.stop('t-1'),
      'REFUSED',
      /does not let Matchdesk cancel t-1/,
    ],
  ]
  it.each(cases)('%s has its own words', async (_, answer, act, code, message) => {
    const { matchmaker, seen } = await wire(answer)
    await expect(act(matchmaker)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(seen).toHaveLength(1)
  })

  it('too many requests has its own words, and was not carried out: it is asked again, but not for ever', async () => {
    let refusals = 2
    const { matchmaker, seen } = await wire((_, __, response) =>
      refusals-- > 0 ? refuse(response, 'ThrottlingException', 'Rate exceeded') : json(response, {}),
    )
    await matchmaker.stop('t-1')
    expect(seen).toHaveLength(3)
    refusals = 9
    await expect(matchmaker.stop('t-1')).rejects.toMatchObject({
      code: 'MATCHMAKER_UNAVAILABLE',
      message: expect.stringMatching(/fewer requests.*Nothing was changed/),
    })
    expect(seen).toHaveLength(6)
  })
})

describe('when no answer comes', () => {
  it('a write to nobody was not sent, and says that nothing was changed', async () => {
    const { matchmaker, server } = await wire(() => {})
    await new Promise((resolve) => server.close(resolve))
    await expect(matchmaker.stop('t-1')).rejects.toMatchObject({
      code: 'MATCHMAKER_UNAVAILABLE',
      message: expect.stringContaining('Nothing was changed'),
    })
  })

  it('a write whose connection breaks has an unknown effect and is not sent again', async () => {
    const { matchmaker, seen } = await wire((_, __, ___, request) => request.socket.destroy())
    await expect(matchmaker.stop('t-1')).rejects.toMatchObject({ code: 'UNCONFIRMED' })
    expect(seen).toHaveLength(1)
  })

  it('a write that meets an internal error, or an answer nobody can read, has an unknown effect too', async () => {
    const failing = await wire((_, __, response) => refuse(response, 'InternalServiceException', 'oops', 500))
    await expect(failing.matchmaker.stop('t-1')).rejects.toMatchObject({ code: 'UNCONFIRMED' })
    expect(failing.seen).toHaveLength(1)
    const proxy = await wire((_, __, response) => {
      response.statusCode = 502
      response.end('<html>Bad gateway</html>')
    })
    await expect(proxy.matchmaker.accept('t-1', ['ana'], 'REJECT')).rejects.toMatchObject({ code: 'UNCONFIRMED' })
    expect(proxy.seen).toHaveLength(1)
  })

  it('a read is tried twice and changes nothing', async () => {
    const { matchmaker, seen } = await wire((_, __, ___, request) => request.socket.destroy())
    await expect(matchmaker.describeTickets(['t-1'])).rejects.toMatchObject({ code: 'MATCHMAKER_UNAVAILABLE' })
    expect(seen).toHaveLength(2)
  })

  it('a silent service is given up after five seconds', { timeout: 10_000 }, async () => {
    const { matchmaker, seen } = await wire(() => {})
    const before = performance.now()
    await expect(matchmaker.stop('t-1')).rejects.toMatchObject({ code: 'UNCONFIRMED' })
    expect(performance.now() - before).toBeLessThan(6_500)
    expect(seen).toHaveLength(1)
  })
})
