import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerCommand,
  cancelTicketCommand,
  describeSessionCommand,
  describeTicketCommand,
  shellQuote,
  startBackfillCommand,
} from './cli-command.ts'

const local = { region: 'us-east-1', endpoint: 'http://127.0.0.1:9080' }
const aws = { region: 'eu-central-1', endpoint: null }

/** What a real shell makes of a command line, with `aws` replaced by something that prints its arguments. */
function argumentsOf(line: string): string[] {
  const script = `aws() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${line}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('shellQuote', () => {
  it('leaves harmless words as they are', () => {
    expect(shellQuote('t-7f3a.c2')).toBe('t-7f3a.c2')
  })
  it('gives the shell exactly the text, whatever it holds', () => {
    expect(
      argumentsOf(`aws ${['$(id) `id` \'x\' "y" \\ ; & | \n#', '', '~', '*', 'ü ‮'].map(shellQuote).join(' ')}`),
    ).toEqual(['$(id) `id` \'x\' "y" \\ ; & | \n#', '', '~', '*', 'ü ‮'])
  })
  it('does so for any text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (words) => {
        expect(argumentsOf(`aws ${words.map(shellQuote).join(' ')}`)).toEqual(words)
      }),
      { numRuns: 40 },
    )
  })
})

describe('commands', () => {
  it('cancel a ticket at the local engine', () => {
    expect(cancelTicketCommand(local, 't-1')).toBe(
      'aws gamelift stop-matchmaking --ticket-id t-1 --region us-east-1 --endpoint-url http://127.0.0.1:9080',
    )
  })
  it('name no endpoint for AWS itself', () => {
    expect(describeTicketCommand(aws, 't-1')).toBe(
      'aws gamelift describe-matchmaking --ticket-ids t-1 --region eu-central-1',
    )
  })
  it('answer once per ticket, because GameLift takes players of one ticket at a time', () => {
    const lines = answerCommand(aws, 'ACCEPT', [
      { ticketId: 't-1', playerIds: ['ana', "o'neil"] },
      { ticketId: 't-2', playerIds: ['--bo'] },
    ]).split('\n')
    expect(argumentsOf(lines[0]!)).toEqual([
      ...['gamelift', 'accept-match', '--ticket-id', 't-1', '--player-ids', 'ana', "o'neil"],
      ...['--acceptance-type', 'ACCEPT', '--region', 'eu-central-1'],
    ])
    expect(argumentsOf(lines[1]!)).toContain('["--bo"]')
  })
  it('keep an id that starts with a dash from being read as an option', () => {
    expect(argumentsOf(cancelTicketCommand(aws, '-rf'))).toContain('--ticket-id=-rf')
  })
  it('hand players of a backfill over as JSON', () => {
    const words = argumentsOf(
      startBackfillCommand(local, {
        configuration: 'coop',
        gameSessionArn: 'arn:aws:gamelift:us-east-1::gamesession/fleet-1/s 1',
        players: [{ PlayerId: "a'b", Team: 'red', PlayerAttributes: { skill: { N: 10 } } }],
      }),
    )
    expect(words).toContain('arn:aws:gamelift:us-east-1::gamesession/fleet-1/s 1')
    expect(JSON.parse(words[words.indexOf('--players') + 1]!)).toEqual([
      { PlayerId: "a'b", Team: 'red', PlayerAttributes: { skill: { N: 10 } } },
    ])
  })
  it('describe a game session', () => {
    expect(describeSessionCommand(aws, 'arn:x')).toBe(
      'aws gamelift describe-game-sessions --game-session-id arn:x --region eu-central-1',
    )
  })
})
