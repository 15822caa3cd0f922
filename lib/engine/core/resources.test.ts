import { describe, expect, it } from 'vitest'
import { aDesk, Desk, START_MS, start, twoTeams } from './testing/desk.ts'

const QUEUE = 'arn:aws:gamelift:us-east-1:000000000000:gamesessionqueue/queue'
const RULES = 'arn:aws:gamelift:us-east-1:000000000000:matchmakingruleset/rules'
const DUEL = 'arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/duel'
const configuration = {
  Name: 'other',
  RuleSetName: 'rules',
  RequestTimeoutSeconds: 60,
  AcceptanceRequired: false,
  GameSessionQueueArns: [QUEUE],
}

describe('matchmaking configurations', () => {
  it('come back with their ARNs, plain rule set name and defaults', () => {
    const { Configuration } = aDesk().send('CreateMatchmakingConfiguration', { ...configuration, RuleSetName: RULES })
    expect(Configuration).toEqual({
      Name: 'other',
      ConfigurationArn: DUEL.replace('duel', 'other'),
      GameSessionQueueArns: [QUEUE],
      RequestTimeoutSeconds: 60,
      AcceptanceRequired: false,
      RuleSetName: 'rules',
      RuleSetArn: RULES,
      AdditionalPlayerCount: 0,
      CreationTime: new Date(START_MS),
      BackfillMode: 'MANUAL',
      FlexMatchMode: 'WITH_QUEUE',
    })
  })

  it.each([
    ['an empty name', { Name: '' }, 'InvalidRequestException'],
    ['a name that exists', { Name: 'duel' }, 'InvalidRequestException'],
    ['an unknown rule set', { RuleSetName: 'nothing' }, 'NotFoundException'],
    ['acceptance without a time', { AcceptanceRequired: true }, 'InvalidRequestException'],
    ['no queue', { GameSessionQueueArns: undefined }, 'InvalidRequestException'],
    ['an empty list of queues', { GameSessionQueueArns: [] }, 'InvalidRequestException'],
    ['a queue that does not exist', { GameSessionQueueArns: [`${QUEUE}x`] }, 'NotFoundException'],
    ['a queue for standalone', { FlexMatchMode: 'STANDALONE' }, 'InvalidRequestException'],
    [
      'automatic backfill for standalone',
      { FlexMatchMode: 'STANDALONE', GameSessionQueueArns: undefined, BackfillMode: 'AUTOMATIC' },
      'InvalidRequestException',
    ],
    [
      'too many tags',
      { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' })) },
      'TaggingFailedException',
    ],
  ])('refuse %s', (_case, input, type) => {
    expect(aDesk().refused('CreateMatchmakingConfiguration', { ...configuration, ...input }).type).toBe(type)
  })

  it('are limited in number', () => {
    const desk = aDesk({ options: { limits: { configurations: 1 } } })
    expect(desk.refused('CreateMatchmakingConfiguration', configuration).type).toBe('LimitExceededException')
  })

  it('keep what an update leaves out, and are checked as a whole', () => {
    const desk = aDesk({ configuration: { Description: 'old', AcceptanceTimeoutSeconds: 30 } })
    const { Configuration } = desk.send('UpdateMatchmakingConfiguration', { Name: DUEL, AcceptanceRequired: true })
    expect(Configuration).toMatchObject({ Description: 'old', AcceptanceRequired: true, AcceptanceTimeoutSeconds: 30 })
    const refused = (input: object) => desk.refused('UpdateMatchmakingConfiguration', { Name: 'duel', ...input }).type
    expect(refused({ FlexMatchMode: 'STANDALONE' })).toBe('InvalidRequestException')
    expect(refused({ GameSessionQueueArns: [] })).toBe('InvalidRequestException')
    expect(refused({ Name: 'nothing' })).toBe('NotFoundException')
    const standalone = { Name: 'duel', FlexMatchMode: 'STANDALONE', GameSessionQueueArns: [] }
    expect(desk.send('UpdateMatchmakingConfiguration', standalone).Configuration).not.toHaveProperty(
      'GameSessionQueueArns',
    )
  })

  it('are described by name, ARN and rule set; unknown names are left out', () => {
    const desk = aDesk()
    desk.send('CreateMatchmakingRuleSet', { Name: 'others', RuleSetBody: twoTeams(2) })
    desk.send('CreateMatchmakingConfiguration', { ...configuration, RuleSetName: 'others' })
    const names = (input: Record<string, unknown>) =>
      (desk.read('DescribeMatchmakingConfigurations', input).Configurations as { Name: string }[]).map(
        ({ Name }) => Name,
      )
    expect(names({})).toEqual(['duel', 'other'])
    expect(names({ Names: ['other', 'nothing', DUEL, 'duel'] })).toEqual(['other', 'duel'])
    expect(names({ RuleSetName: RULES })).toEqual(['duel'])
    expect(names({ Names: ['duel'], RuleSetName: 'others' })).toEqual([])
    expect(names({ RuleSetName: 'nothing' })).toEqual([])
  })

  it('are paged, ten at most, and a page goes on where the last one ended', () => {
    const desk = aDesk()
    for (let i = 10; i < 30; i++) desk.send('CreateMatchmakingConfiguration', { ...configuration, Name: `c${i}` })
    const seen: string[] = []
    let NextToken: string | undefined
    do {
      const page = desk.read('DescribeMatchmakingConfigurations', { Limit: 100, NextToken }) as {
        Configurations: { Name: string }[]
        NextToken?: string
      }
      expect(page.Configurations.length).toBeLessThanOrEqual(10)
      seen.push(...page.Configurations.map(({ Name }) => Name))
      // One that was shown is gone before the next page is asked for.
      if (!NextToken) desk.send('DeleteMatchmakingConfiguration', { Name: seen[0]! })
      NextToken = page.NextToken
    } while (NextToken)
    expect(seen).toEqual([...Array.from({ length: 20 }, (_, i) => `c${i + 10}`), 'duel'])
  })

  it('are not deleted while a ticket of them is active; a deleted name is free again and its tags are gone', () => {
    const desk = aDesk({ configuration: { Tags: [{ Key: 'a', Value: 'b' }] } })
    start(desk, 'a')
    expect(desk.refused('DeleteMatchmakingConfiguration', { Name: 'duel' }).message).toMatch(/1 active tickets/)
    desk.send('StopMatchmaking', { TicketId: 'a' })
    expect(desk.send('DeleteMatchmakingConfiguration', { Name: DUEL })).toEqual({})
    expect(desk.ticket('a')).toMatchObject({ ConfigurationName: 'duel', ConfigurationArn: DUEL })
    desk.send('CreateMatchmakingConfiguration', { ...configuration, Name: 'duel' })
    expect(desk.read('ListTagsForResource', { ResourceARN: DUEL })).toEqual({ Tags: [] })
    expect(desk.refused('DeleteMatchmakingConfiguration', { Name: 'nothing' }).type).toBe('NotFoundException')
  })
})

describe('matchmaking rule sets', () => {
  it('come back exactly as sent', () => {
    const body = ` ${twoTeams(1)}\n`
    const { RuleSet } = new Desk().send('CreateMatchmakingRuleSet', { Name: 'r', RuleSetBody: body })
    expect(RuleSet).toEqual({
      RuleSetName: 'r',
      RuleSetArn: RULES.replace(/rules$/, 'r'),
      RuleSetBody: body,
      CreationTime: new Date(START_MS),
    })
  })

  it('are refused with the reason when invalid, taken or too many', () => {
    const desk = aDesk({ options: { limits: { ruleSets: 1 } } })
    const refused = (Name: string, RuleSetBody: string) =>
      desk.refused('CreateMatchmakingRuleSet', { Name, RuleSetBody })
    expect(refused('', twoTeams(1)).type).toBe('InvalidRequestException')
    expect(refused('rules', twoTeams(1)).message).toMatch(/already exists/)
    expect(refused('r', '{').type).toBe('InvalidRequestException')
    expect(refused('r', '{"ruleLanguageVersion":"1.0"}').message).toMatch(/team/)
    expect(refused('r', twoTeams(1)).type).toBe('LimitExceededException')
  })

  it('are validated without being kept', () => {
    const desk = new Desk()
    expect(desk.read('ValidateMatchmakingRuleSet', { RuleSetBody: twoTeams(1) })).toEqual({ Valid: true })
    expect(() => desk.read('ValidateMatchmakingRuleSet', { RuleSetBody: '[]' })).toThrow(
      expect.objectContaining({ type: 'InvalidRequestException' }),
    )
  })

  it('are described by name or ARN; an unknown name is an error', () => {
    const desk = aDesk()
    expect(desk.read('DescribeMatchmakingRuleSets', { Names: [RULES] }).RuleSets).toMatchObject([
      { RuleSetName: 'rules' },
    ])
    expect(() => desk.read('DescribeMatchmakingRuleSets', { Names: ['rules', 'nothing'] })).toThrow(
      expect.objectContaining({ type: 'NotFoundException' }),
    )
  })

  it('are not deleted while a configuration uses them', () => {
    const desk = aDesk()
    expect(desk.refused('DeleteMatchmakingRuleSet', { Name: RULES }).message).toMatch(/in use by .* duel/)
    desk.send('DeleteMatchmakingConfiguration', { Name: 'duel' })
    expect(desk.send('DeleteMatchmakingRuleSet', { Name: RULES })).toEqual({})
    expect(desk.refused('DeleteMatchmakingRuleSet', { Name: 'rules' }).type).toBe('NotFoundException')
  })
})

describe('game session queues', () => {
  it('come back as they were made', () => {
    const desk = aDesk()
    const input = {
      Name: 'q2',
      TimeoutInSeconds: 20,
      Destinations: [{ DestinationArn: 'arn:aws:gamelift:us-east-1::fleet/fleet-1' }],
      PlayerLatencyPolicies: [{ MaximumIndividualPlayerLatencyMilliseconds: 50, PolicyDurationSeconds: 10 }, {}],
      FilterConfiguration: { AllowedLocations: ['us-east-1'] },
      PriorityConfiguration: { PriorityOrder: ['COST'] },
      CustomEventData: 'x',
      NotificationTarget: 'arn:aws:sns:us-east-1:000000000000:t',
    }
    const { GameSessionQueue } = desk.send('CreateGameSessionQueue', input)
    expect(GameSessionQueue).toEqual({ ...input, GameSessionQueueArn: QUEUE.replace(/queue$/, 'q2') })
    expect(desk.read('DescribeGameSessionQueues', { Names: ['nothing', QUEUE.replace(/queue$/, 'q2')] })).toEqual({
      GameSessionQueues: [GameSessionQueue],
    })
    expect(desk.read('DescribeGameSessionQueues', { Limit: 1 })).toMatchObject({
      GameSessionQueues: [{ Name: 'q2' }],
      NextToken: expect.any(String),
    })
  })

  it('refuse a name that exists, a destination that is no fleet, and too many of either', () => {
    const desk = aDesk({ options: { limits: { queues: 1 } } })
    const destination = (id: number) => ({ DestinationArn: `arn:aws:gamelift:us-east-1::fleet/fleet-${id}` })
    const refused = (input: Record<string, unknown>) =>
      desk.refused('CreateGameSessionQueue', { Name: 'q', ...input }).type
    expect(refused({ Name: 'queue' })).toBe('InvalidRequestException')
    expect(refused({ Destinations: [{ DestinationArn: QUEUE }] })).toBe('InvalidRequestException')
    expect(refused({ Destinations: Array.from({ length: 11 }, (_, i) => destination(i)) })).toBe(
      'LimitExceededException',
    )
    expect(refused({})).toBe('LimitExceededException')
  })
})

describe('tags', () => {
  it.each([
    ['a configuration', DUEL],
    ['a rule set', RULES],
    ['a queue', QUEUE],
  ])('of %s are added, overwritten, removed and listed', (_what, ResourceARN) => {
    const desk = aDesk()
    const list = () => desk.read('ListTagsForResource', { ResourceARN }).Tags
    desk.send('TagResource', {
      ResourceARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    desk.send('TagResource', { ResourceARN, Tags: [{ Key: 'a', Value: '3' }] })
    expect(list()).toEqual([
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
    ])
    desk.send('UntagResource', { ResourceARN, TagKeys: ['a', 'absent'] })
    expect(list()).toEqual([{ Key: 'b', Value: '2' }])
  })

  it('are fifty at most, and only of what exists', () => {
    const desk = aDesk()
    const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
    desk.send('TagResource', { ResourceARN: DUEL, Tags })
    const refused = (ResourceARN: string) =>
      desk.refused('TagResource', { ResourceARN, Tags: [{ Key: 'more', Value: '' }] }).type
    expect(refused(DUEL)).toBe('TaggingFailedException')
    expect(refused(`${DUEL}x`)).toBe('NotFoundException')
    expect(desk.refused('UntagResource', { ResourceARN: `${RULES}x`, TagKeys: [] }).type).toBe('NotFoundException')
  })
})
