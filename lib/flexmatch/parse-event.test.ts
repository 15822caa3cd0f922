import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvelope } from './parse-event.ts'
import { anEvent, aTicket, envelopeOf } from './testing/builders.ts'

const FIXTURES = path.resolve('lib/flexmatch/fixtures/events')
const read = (name: string) => JSON.parse(readFileSync(path.join(FIXTURES, name), 'utf8')) as Record<string, unknown>
const names = readdirSync(FIXTURES).filter((name) => /^(eventbridge|sns|placement)-/.test(name))

describe('an event as it is delivered', () => {
  it.each(names)('is read: %s', (name) => {
    const raw = read(name)
    // A notification carries the whole event as text.
    const parsed = parseEnvelope('Message' in raw ? JSON.parse(raw.Message as string) : raw)
    if (name.startsWith('placement')) {
      expect(parsed).toMatchObject({ kind: 'placement', event: { queue: 'arena-queue' } })
    } else {
      expect(parsed).toMatchObject({ kind: 'matchmaking', fact: { configuration: 'arena-ranked', source: 'event' } })
    }
  })

  it('keeps whole seconds and milliseconds as epoch ms', () => {
    const at = (time: string) => {
      const parsed = parseEnvelope({ ...envelopeOf(anEvent('MatchmakingSearching')), time })
      return parsed.kind === 'matchmaking' ? parsed.fact.time : parsed
    }
    expect(at('2021-05-27T15:19:34Z')).toBe(Date.UTC(2021, 4, 27, 15, 19, 34))
    expect(at('2026-01-15T10:00:05.120Z')).toBe(Date.UTC(2026, 0, 15, 10, 0, 5, 120))
    expect(at('2026-01-15T12:00:05.120+02:00')).toBe(Date.UTC(2026, 0, 15, 10, 0, 5, 120))
  })

  it('is forced only when the local engine says so beside the members of EventBridge', () => {
    const forced = (more: object) => {
      const parsed = parseEnvelope({ ...envelopeOf(anEvent('MatchmakingSearching', { forced: true })), ...more })
      return parsed.kind === 'matchmaking' ? parsed.fact.forced : parsed
    }
    expect(forced({ matchdesk: { forced: true } })).toBe(true)
    for (const matchdesk of [undefined, null, true, {}, { forced: 'true' }, []]) {
      expect(forced({ matchdesk })).toBeUndefined()
    }
  })

  it('may have members nobody here has heard of', () => {
    const envelope = envelopeOf(anEvent('MatchmakingSearching', { novelty: { deep: [1] } }))
    expect(parseEnvelope({ ...envelope, 'replay-name': 'again' }).kind).toBe('matchmaking')
  })
})

describe('an event that cannot be relied on', () => {
  const good = (detail: Record<string, unknown> = {}) => envelopeOf(anEvent('PotentialMatchCreated', detail))
  const bad: [reason: RegExp, envelope: unknown][] = [
    [/^the event is null, not an object$/, null],
    [/^the event is a list, not an object$/, []],
    [/^source is "aws.ec2", not "aws.gamelift"$/, { ...good(), source: 'aws.ec2' }],
    [/^detail-type is missing/, { ...good(), 'detail-type': undefined }],
    [/^id is missing, not a text$/, { ...good(), id: undefined }],
    [/^id is longer than 256 characters$/, { ...good(), id: 'x'.repeat(257) }],
    [/^time is "yesterday", not a time/, { ...good(), time: 'yesterday' }],
    [/^time is "2026-02-30T25:00:00Z", not a time/, { ...good(), time: '2026-02-30T25:00:00Z' }],
    [/^time is "0000-01-01T00:00:00Z", outside/, { ...good(), time: '0000-01-01T00:00:00Z' }],
    [/^resources is missing, not a list$/, { ...good(), resources: undefined }],
    [/^resources\[0\] is "arn:x", not the ARN of a matchmakingconfiguration$/, { ...good(), resources: ['arn:x'] }],
    [/^detail is missing/, { ...good(), detail: undefined }],
    [/^detail.type "Surprise" is not a FlexMatch event$/, good({ type: 'Surprise' })],
    [/^detail.tickets is empty/, good({ tickets: [] })],
    [/^detail.tickets\[0\].ticketId "a b" has characters/, good({ tickets: [aTicket('a b', ['ana'])] })],
    [
      /^detail.tickets\[0\].startTime is "", not a time/,
      good({ tickets: [{ ...aTicket('t1', ['ana']), startTime: '' }] }),
    ],
    [
      /^detail.tickets\[0\].players\[1\].playerId is 7, not a text$/,
      good({ tickets: [{ ...aTicket('t1', ['ana']), players: [{ playerId: 'a' }, { playerId: 7 }] }] }),
    ],
    [
      /accepted is "yes", not true or false$/,
      good({ tickets: [aTicket('t1', [{ playerId: 'ana', accepted: 'yes' as unknown as boolean }])] }),
    ],
    [
      /^detail.tickets\[0\].players lists 1001, more than 1000$/,
      good({
        tickets: [
          aTicket(
            't1',
            Array.from({ length: 1_001 }, (_, index) => `p${index}`),
          ),
        ],
      }),
    ],
    [
      /^detail.tickets lists 1001, more than 1000$/,
      good({ tickets: Array.from({ length: 1_001 }, (_, index) => aTicket(`t${index}`, ['ana'])) }),
    ],
    [/^detail.acceptanceRequired is "true", not true or false$/, good({ acceptanceRequired: 'true' })],
    [
      /^detail.acceptanceTimeout is null|^detail.acceptanceTimeout is/,
      good({ acceptanceTimeout: Number.POSITIVE_INFINITY }),
    ],
    [/^detail.matchId is missing/, good({ matchId: undefined })],
    [/^detail.acceptance is "Maybe"/, envelopeOf(anEvent('AcceptMatchCompleted', { acceptance: 'Maybe' }))],
    [/port is "80", not a port number$/, good({ session: { port: '80' } })],
    [
      /^detail.tickets\[0\].players\[0\].playerId contains a NUL character$/,
      good({ tickets: [aTicket('t1', ['a\0b'])] }),
    ],
    [/playerId contains half of a surrogate pair$/, good({ tickets: [aTicket('t1', ['\ud800'])] })],
    [/^a member name contains a NUL character$/, good({ 'x\0': 1 })],
    [/nested deeper than 32 levels$/, good({ deep: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) })],
    [
      /^detail.type "PlacementLost" is not a placement event$/,
      { ...read('placement-PlacementFulfilled.json'), detail: { type: 'PlacementLost' } },
    ],
  ]
  it.each(bad)('is refused: %s', (reason, envelope) => {
    const parsed = parseEnvelope(envelope)
    expect(parsed.kind).toBe('refused')
    expect(parsed.kind === 'refused' && parsed.reason).toMatch(reason)
  })

  it('never makes the parser throw', () => {
    const part = fc.anything({ withNullPrototype: true, withBigInt: false })
    fc.assert(
      fc.property(
        part,
        fc.constantFrom('id', 'time', 'resources', 'detail', 'tickets', 'gameSessionInfo', 'source'),
        (value, place) => {
          const envelope = good()
          const detail = { ...(envelope.detail as object), [place]: value }
          expect(
            parseEnvelope(place in envelope ? { ...envelope, [place]: value } : { ...envelope, detail }),
          ).toBeDefined()
          expect(parseEnvelope(value)).toBeDefined()
        },
      ),
    )
  })
})
