import { describe, expect, it } from 'vitest'
import { readSettings } from '#lib/settings.ts'
import { readEngineSettings } from './settings.ts'

const read = (env: Record<string, string>) => readEngineSettings(readSettings(env), env)

describe('the settings of the engine', () => {
  it('change nothing but region and account when nothing is set', () => {
    expect(read({})).toEqual({
      host: '127.0.0.1',
      port: 9080,
      options: { region: 'us-east-1', accountId: '000000000000', placement: {} },
      eventTime: 'seconds',
      targets: [],
    })
  })

  it('are read from the variables that name them', () => {
    const settings = read({
      ENGINE_TICK_MS: '50',
      ENGINE_SEED: 'fixed',
      ENGINE_PLACEMENT_DELAY_MS: '0',
      ENGINE_PLACEMENT_OUTCOME: 'time-out',
      ENGINE_MAX_ACTIVE_SESSIONS: 'none',
      ENGINE_EVENT_TIME: 'milliseconds',
    })
    expect(settings.options).toMatchObject({
      seed: 'fixed',
      tickMs: 50,
      placement: { delayMs: 0, outcome: 'time-out', maxActiveSessions: null },
    })
    expect(settings.eventTime).toBe('milliseconds')
  })

  it('take targets as addresses or as a list with names and secrets', () => {
    expect(read({ MATCHDESK_EVENT_TARGETS: 'http://a/x, http://b/y' }).targets).toEqual([
      { name: 'http://a/x', url: 'http://a/x', secret: null, type: 'eventbridge' },
      { name: 'http://b/y', url: 'http://b/y', secret: null, type: 'eventbridge' },
    ])
    const list = '[{"name":"desk","url":"http://a/x","secret":"own","type":"sns"}]'
    expect(read({ MATCHDESK_EVENT_TARGETS: list }).targets).toEqual([
      { name: 'desk', url: 'http://a/x', secret: 'own', type: 'sns' },
    ])
  })

  it('make the dashboard a target as soon as there is a secret it can know us by', () => {
    const secret = 'a-secret-of-some-length'
    const env = {
      MATCHDESK_INGEST_SECRET: `${secret},the-one-it-replaces`,
      PORT: '3100',
      MATCHDESK_EVENT_TARGETS: 'http://a/x',
    }
    expect(read(env).targets).toEqual([
      { name: 'dashboard', url: 'http://127.0.0.1:3100/api/ingest/local', secret, type: 'eventbridge' },
      { name: 'http://a/x', url: 'http://a/x', secret: null, type: 'eventbridge' },
    ])
  })

  it.each([
    [{ ENGINE_TICK_MS: 'soon' }, 'ENGINE_TICK_MS is "soon"; it must be a whole number from 1 to 86400000.'],
    [
      { ENGINE_PLACEMENT_OUTCOME: 'win' },
      'ENGINE_PLACEMENT_OUTCOME is "win"; it must be one of fulfil, fail, time-out.',
    ],
    [{ ENGINE_EVENT_TIME: 'days' }, 'ENGINE_EVENT_TIME is "days"; it must be one of seconds, milliseconds.'],
    [{ ENGINE_MAX_ACTIVE_SESSIONS: '-1' }, 'ENGINE_MAX_ACTIVE_SESSIONS is "-1"; it must be a whole number'],
    [{ MATCHDESK_EVENT_TARGETS: '[' }, 'MATCHDESK_EVENT_TARGETS starts like a JSON list but is none'],
    [{ MATCHDESK_EVENT_TARGETS: 'ftp://a' }, 'MATCHDESK_EVENT_TARGETS has a target without an http or https url.'],
    [{ MATCHDESK_EVENT_TARGETS: 'http://a,http://a' }, 'MATCHDESK_EVENT_TARGETS names a target twice'],
  ])('refuse %j with the name of the variable', (env, message) => {
    expect(() => read(env as Record<string, string>)).toThrow(message)
  })
})
