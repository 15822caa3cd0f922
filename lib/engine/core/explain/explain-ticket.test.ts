import { describe, expect, it } from 'vitest'
import { Refusal } from '#lib/engine/core/contract.ts'
import {
  ACCEPTANCE,
  aDesk,
  aHalfFullSession,
  answer,
  type Desk,
  start,
  twoTeams,
} from '#lib/engine/core/testing/desk.ts'

const explained = (desk: Desk, ticketId: string) => desk.engine.explain(ticketId, desk.nowMs)

const NEAR_DUEL = JSON.stringify({
  ...JSON.parse(twoTeams(1)),
  rules: [{ name: 'Near', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 100 }],
  expansions: [{ target: 'rules[Near].maxDistance', steps: [{ waitTimeSeconds: 30, value: 150 }] }],
})

function startWithSkill(desk: Desk, ticketId: string, skill: number): void {
  desk.send('StartMatchmaking', {
    TicketId: ticketId,
    ConfigurationName: 'duel',
    Players: [{ PlayerId: `${ticketId}-p`, PlayerAttributes: { skill: { N: skill } } }],
  })
}

describe('a ticket in the pool', () => {
  it('is weighed against the others of its configuration, and is matched when it was said to be', () => {
    const desk = aDesk({ ruleSet: NEAR_DUEL })
    startWithSkill(desk, 'a', 100)
    desk.pass(2000)
    startWithSkill(desk, 'b', 212)
    desk.pass(3000)
    const explanation = explained(desk, 'a')
    expect(explanation).toMatchObject({
      ticketId: 'a',
      configurationName: 'duel',
      status: 'SEARCHING',
      askedAtMs: desk.nowMs,
      waitedSeconds: 5,
      timesOutAtMs: desk.nowMs + 115_000,
      verdict: { kind: 'later', atMs: desk.nowMs + 27_000, steps: [{ target: 'rules[Near].maxDistance' }] },
      weighed: { waitingTickets: 1, consideredTickets: 1, refusedTickets: 1 },
      nearestMiss: {
        ticketIds: ['b'],
        refusals: [{ ruleName: 'Near', measured: { value: 112, limit: 100, missBy: 12 } }],
      },
    })
    expect(explanation.lastPassAtMs).not.toBeNull()
    expect(explanation.ruleEvaluationMetrics).toMatchObject([{ ruleName: 'Near' }])
    expect(explanation.ruleEvaluationMetrics[0]?.failedCount).toBeGreaterThan(0)
    // Also right after a restart, before any pass has woken the matcher.
    const reopened = desk.reopened(desk.engine.snapshot())
    expect(explained(reopened, 'a')).toEqual(explanation)
    desk.pass(26_999)
    expect(desk.status('a')).toBe('SEARCHING')
    desk.pass(1_001)
    expect(desk.status('a')).toBe('PLACING')
  })

  it('is soon matched when the pass has not come yet', () => {
    const desk = aDesk({ options: { tickMs: 10_000 } })
    start(desk, 'a')
    desk.pass(10_000)
    start(desk, 'b')
    // b is not picked up yet.
    expect(explained(desk, 'a')).toMatchObject({ verdict: { kind: 'waiting' }, weighed: { waitingTickets: 0 } })
    expect(explained(desk, 'b').verdict).toEqual({
      kind: 'not-searching',
      sentence: 'It is not picked up yet: the matching pass in 10 s takes it into the pool.',
    })
  })

  it('weighs a backfill ticket by the players of its session', () => {
    const { desk, arn } = aHalfFullSession()
    desk.send('StartMatchBackfill', {
      TicketId: 'more',
      ConfigurationName: 'duel',
      GameSessionArn: arn,
      Players: [
        { PlayerId: 'a-p', Team: 'red' },
        { PlayerId: 'b-p', Team: 'blue' },
      ],
    })
    desk.pass(2000)
    expect(explained(desk, 'more').verdict).toMatchObject({ kind: 'waiting', best: { playerCount: 2 } })
  })
})

describe('a ticket outside of the pool', () => {
  it('says which match it is in, and how many have accepted', () => {
    const desk = aDesk({ configuration: ACCEPTANCE })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(2000)
    answer(desk, 'a', 'ACCEPT')
    const { sentence, ...rest } = explained(desk, 'b')
    expect(sentence).toMatch(/^It is in match [^ ]+, which waits until all players accept; 1 of 2 players have\.$/)
    expect(rest).toMatchObject({ status: 'REQUIRES_ACCEPTANCE', timesOutAtMs: null, weighed: null, expansions: [] })
    answer(desk, 'b', 'ACCEPT')
    expect(explained(desk, 'b').sentence).toMatch(/^It is in match [^ ]+, for which a game session is being placed\.$/)
    desk.pass(5000)
    expect(explained(desk, 'b').sentence).toMatch(/^It ended with COMPLETED after 4 s: match [^ ]+ was made\.$/)
  })

  it('says how it ended', () => {
    const desk = aDesk()
    start(desk, 'a')
    desk.pass(120_000)
    expect(explained(desk, 'a').sentence).toBe(
      'It ended with TIMED_OUT after 120 s: Removed from matchmaking due to timing out.',
    )
  })

  it('is refused when nobody knows it', () => {
    expect(() => explained(aDesk(), 'nobody')).toThrow(
      new Refusal('NotFoundException', 'Matchmaking ticket nobody does not exist.'),
    )
  })
})

it('changes nothing: the run goes on as if nobody had asked', () => {
  const run = (asks: boolean) => {
    const desk = aDesk({ ruleSet: NEAR_DUEL })
    for (const [index, skill] of [100, 212, 500, 590, 130].entries()) {
      startWithSkill(desk, `t${index}`, skill)
      desk.pass(700)
      const before = desk.engine.snapshot()
      if (asks) for (let ticket = 0; ticket <= index; ticket++) explained(desk, `t${ticket}`)
      expect(desk.engine.snapshot()).toBe(before)
    }
    desk.pass(200_000)
    return { events: desk.events, snapshot: desk.engine.snapshot() }
  }
  expect(run(true)).toEqual(run(false))
})
