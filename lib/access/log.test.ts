import { describe, expect, it, vi } from 'vitest'
import { logLine, logText } from './log.ts'

const AT = new Date('2026-11-21T03:40:00Z')
const text = (entry: Record<string, unknown>) => logText({ level: 'info', message: 'x', ...entry }, AT)

/** Ways to end a line, or to make somebody who reads it see another one. */
const BREAKS = [
  '\n{"at":"2026-11-21T03:40:00Z","level":"info","message":"all is well"}',
  '\r\nlevel=error',
  '\r',
  '\u2028{"level":"info"}',
  '\u2029',
  '\u0085next line',
  '\u001b[2K\u001b[1A\u001b[31mred',
  '\u009b31m',
  '\u0008\u0008\u0008',
  '\u0000',
  '\u000b\u000c',
  '\u202egnirts\u202c',
  '\u2066a\u2069',
  '\ufeff\u200b',
  '\ud800',
]
const FIELDS = [
  'message',
  'in',
  'route',
  'requestId',
  'environment',
  'ticketId',
  'from',
  'topicArn',
  'lease',
  'channel',
]

describe('a line of the log', () => {
  it.each(FIELDS)('stays one line of JSON whatever is in %s', (field) => {
    for (const broken of BREAKS) {
      const line = text({ [field]: `before${broken}after` })
      expect(line).toMatch(/^[\x20-\x7e\u00a1-\uffff]+$/)
      expect(line).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]/)
      expect((JSON.parse(line) as Record<string, string>)[field]?.startsWith('before')).toBe(true)
    }
  })

  it('stays one line for an error and its causes too, and is written once', () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {})
    const cause = new Error(BREAKS.join(''))
    logLine({ level: 'error', message: 'x', error: new Error(BREAKS.join(''), { cause }) })
    expect(written).toHaveBeenCalledTimes(1)
    expect(written.mock.calls[0]).toHaveLength(1)
    expect(String(written.mock.calls[0]?.[0])).toMatch(/^[\x20-\x7e]+$/)
    written.mockRestore()
  })

  it.each([
    [{ cookie: 'matchdesk-3000=CANARY' }],
    [{ headers: { Authorization: 'Bearer CANARY', 'set-cookie': ['CANARY'] } }],
    [{ sessionId: 'CANARY', deep: { x: [{ clientSecret: 'CANARY' }] } }],
    [{ message: 'refused: Authorization: Bearer CANARY' }],
    [{ message: 'cookie: a=b; __Host-matchdesk=CANARY; c=d' }],
    [{ in: 'GET /sign-in?token=CANARY&x=1' }],
    [{ error: new Error('x-matchdesk-secret: CANARY') }],
    [{ error: new Error('connect postgres://matchdesk:CANARY@db.example.com/x failed') }],
    [{ error: new Error('x', { cause: new Error('secretAccessKey: "CANARY"') }) }],
    [{ message: 'https://bucket.s3/x?X-Amz-Credential=CANARY&X-Amz-Signature=CANARY' }],
    [{ message: '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----' }],
    [{ message: 'AKIACANARYCANARY1234 and ASIACANARYCANARY1234' }],
  ])('holds no secret: %j', (entry) => {
    const line = text(entry)
    expect(line).not.toContain('CANARY')
    expect(line).toContain('[hidden]')
  })

  it('keeps what it is there to tell', () => {
    const line = text({ in: 'POST /local/tickets?tab=all', ticketId: 't-1', error: new Error('no such table: people') })
    expect(JSON.parse(line)).toMatchObject({
      in: 'POST /local/tickets?tab=all',
      ticketId: 't-1',
      error: { name: 'Error', message: 'no such table: people' },
    })
  })
})
