import { describe, expect, it } from 'vitest'
import { describeAddress } from './describe-address.ts'

describe('describeAddress', () => {
  it('names the ticket, match or session that was not found', () => {
    expect(describeAddress('/local/tickets/t-1').title).toBe('No ticket t-1 in local')
    expect(describeAddress('/local/matches/m%2F1').title).toBe('No match m/1 in local')
    expect(describeAddress(`/local/sessions/${encodeURIComponent('arn:a/b')}`).title).toBe(
      'No game session arn:a/b in local',
    )
  })
  it('says what may still appear, and where', () => {
    expect(describeAddress('/local/tickets/t%2D1').awaited).toEqual({ environment: 'local', kind: 'ticket', id: 't-1' })
    expect(describeAddress('/local/matches/m%2F1').awaited).toMatchObject({ kind: 'match', id: 'm/1' })
    for (const address of ['/nowhere', '/local/lab', '/']) expect(describeAddress(address).awaited).toBeNull()
  })
  it('names the environment when that is what is missing', () => {
    expect(describeAddress('/nowhere').title).toBe('There is no environment called nowhere')
    expect(describeAddress('/nowhere/tickets').title).toBe('There is no environment called nowhere')
  })
  it('copes with addresses that mean nothing', () => {
    expect(describeAddress('/local/tickets/a/b').title).toBe('There is no such page')
    expect(describeAddress('/local/lab').title).toBe('There is no such page')
    expect(describeAddress('/%E0%A4%A').title).toContain('%E0%A4%A')
    expect(describeAddress('/').title).toBe('There is no such page')
  })
  it('keeps a long id readable', () => {
    expect(describeAddress(`/local/tickets/${'x'.repeat(500)}`).title.length).toBeLessThan(120)
  })
})
