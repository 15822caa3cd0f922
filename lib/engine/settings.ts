/** The engine's own variables, beside those of lib/settings.ts. Only what is set here overrides what the journal says. */
import { localAddress, type Settings, SettingsError } from '#lib/settings.ts'
import type { EngineOptionsPatch } from './core/contract.ts'
import type { TimePrecision } from './envelope.ts'
import type { EventTarget } from './targets.ts'

type Env = Record<string, string | undefined>

export interface EngineSettings {
  host: string
  port: number
  /** Region, account and every option that was set; the others stay as they are. */
  options: EngineOptionsPatch
  eventTime: TimePrecision
  targets: EventTarget[]
}

/**
 * ENGINE_TICK_MS, ENGINE_PLACEMENT_DELAY_MS, ENGINE_PLACEMENT_OUTCOME (fulfil, fail, time-out),
 * ENGINE_MAX_ACTIVE_SESSIONS (a number, or none), ENGINE_EVENT_TIME (seconds, milliseconds), ENGINE_SEED,
 * MATCHDESK_EVENT_TARGETS (addresses separated by commas, or a JSON list of {name, url, secret, type}). With
 * MATCHDESK_INGEST_SECRET the dashboard on PORT is a target too, the only one that is sent that secret.
 * Throws SettingsError naming the variable.
 */
export function readEngineSettings(base: Settings, env: Env = process.env): EngineSettings {
  const placement = {
    delayMs: whole(env, 'ENGINE_PLACEMENT_DELAY_MS', 0, 86_400_000),
    outcome: oneOf(env, 'ENGINE_PLACEMENT_OUTCOME', ['fulfil', 'fail', 'time-out'] as const),
    maxActiveSessions:
      env.ENGINE_MAX_ACTIVE_SESSIONS === 'none' ? null : whole(env, 'ENGINE_MAX_ACTIVE_SESSIONS', 0, 10_000_000),
  }
  return {
    host: base.host,
    port: base.enginePort,
    options: given({
      region: base.region,
      accountId: base.accountId,
      seed: env.ENGINE_SEED || undefined,
      tickMs: whole(env, 'ENGINE_TICK_MS', 1, 86_400_000),
      placement: given(placement),
    }),
    eventTime: oneOf(env, 'ENGINE_EVENT_TIME', ['seconds', 'milliseconds'] as const) ?? 'seconds',
    targets: eventTargets(base, env),
  }
}

function whole(env: Env, name: string, least: number, most: number): number | undefined {
  const value = env[name]
  if (!value) return undefined
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least || number > most) {
    throw wrong(name, value, `a whole number from ${least} to ${most}`)
  }
  return number
}

function oneOf<const T extends string>(env: Env, name: string, allowed: readonly T[]): T | undefined {
  const value = env[name]
  if (!value) return undefined
  const found = allowed.find((option) => option === value)
  if (!found) throw wrong(name, value, `one of ${allowed.join(', ')}`)
  return found
}

function eventTargets(base: Settings, env: Env): EventTarget[] {
  const name = 'MATCHDESK_EVENT_TARGETS'
  const value = env[name]?.trim() ?? ''
  const secret = base.ingestSecrets[0] ?? null
  const listed = value.startsWith('[') ? parseList(name, value) : value.split(',').filter((url) => url.trim())
  const targets = listed.map((item) => toTarget(name, item))
  if (secret) targets.unshift(dashboardTarget(base, secret))
  const names = new Set(targets.map((target) => target.name))
  if (names.size < targets.length)
    throw new SettingsError(`${name} names a target twice; each needs a name of its own.`)
  return targets
}

function dashboardTarget({ host, port }: Settings, secret: string): EventTarget {
  const url = `${localAddress(host, port)}/api/ingest/local`
  return { name: 'dashboard', url, secret, type: 'eventbridge' }
}

function parseList(name: string, value: string): unknown[] {
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new SettingsError(`${name} starts like a JSON list but is none: ${(error as Error).message}`)
  }
}

function toTarget(variable: string, item: unknown): EventTarget {
  const given: Record<string, unknown> = typeof item === 'string' ? { url: item.trim() } : { ...(item as object) }
  const url = typeof given.url === 'string' ? URL.parse(given.url) : null
  // Messages do not repeat the address or the secret: either can hold a password.
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new SettingsError(`${variable} has a target without an http or https url.`)
  }
  const { name = url.origin + url.pathname, type = 'eventbridge' } = given
  if (typeof name !== 'string' || name === '') throw new SettingsError(`${variable}: a target's name must be text.`)
  if (type !== 'eventbridge' && type !== 'sns') {
    throw new SettingsError(`${variable}: the type of target ${name} must be eventbridge or sns.`)
  }
  // Never the dashboard's: whoever listens there could then send events in the engine's name.
  const secret = given.secret ?? null
  if (secret !== null && typeof secret !== 'string') {
    throw new SettingsError(`${variable}: the secret of target ${name} must be text.`)
  }
  return { name, url: url.href, secret, type }
}

function given<T extends object>(values: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

function wrong(name: string, value: string, expected: string): SettingsError {
  return new SettingsError(`${name} is ${JSON.stringify(value)}; it must be ${expected}.`)
}
