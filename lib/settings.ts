/**
 * Everything that can be set from outside, read and checked once at start. A wrong value stops the start with a message
 * that names the variable, its value and what it may be.
 */
import path from 'node:path'

export interface Settings {
  /** Address both processes bind to. */
  host: string
  port: number
  enginePort: number
  /** Absolute path; holds the embedded PostgreSQL and what the start command writes. */
  dataDir: string
  /** null means: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | null
  demo: boolean
  /** Where browsers reach the dashboard. Requests from any other origin are refused. */
  origins: string[]
  /** How many proxies stand in front and add whom they heard to `X-Forwarded-For`. */
  trustedHops: number
  region: string
  accountId: string
  /** Absolute path of the YAML file of environments; null without one. */
  environmentsFile: string | null
  /** Engines of ours that may stand in a private network, as `host:port`. The built-in one is among them. */
  localEndpoints: ReadonlySet<string>
  /** What a sender of the local environment's events must know. Two while one replaces the other; none means that no event is taken. */
  ingestSecrets: string[]
  /** What the audit chain is sealed with, the same for all processes of a database; null: this one seals nothing. */
  auditKey: string | null
  /** AWS accounts whose environments are protected whatever is said of them. */
  productionAccounts: string[]
  /** Whether nothing may be changed, whoever asks. */
  readOnly: boolean
  /** Tickets one bulk run may take. */
  bulkMost: number
  /** Calls a second that bulk runs make in an environment, within its budget of calls. */
  bulkPerSecond: number
}

export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Where this machine reaches what listens on `host`; a wildcard is reached through loopback. */
export function localAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

type Env = Record<string, string | undefined>

export function readSettings(env: Env = process.env): Settings {
  const host = text(
    env,
    'MATCHDESK_HOST',
    '127.0.0.1',
    /^[a-zA-Z0-9.:-]+$/,
    'an address to bind to, for example 127.0.0.1',
  )
  const port = portNumber(env, 'PORT', 3000)
  const enginePort = portNumber(env, 'ENGINE_PORT', 9080)
  if (port === enginePort) throw new SettingsError(`PORT and ENGINE_PORT are both ${port}; they must differ.`)
  return {
    host,
    port,
    enginePort,
    dataDir: path.resolve(/*turbopackIgnore: true*/ env.MATCHDESK_DATA_DIR || '.data'),
    databaseUrl: databaseUrl(env),
    demo: flag(env, 'MATCHDESK_DEMO', true),
    origins: origins(env, port),
    trustedHops: Number(text(env, 'MATCHDESK_TRUSTED_HOPS', '0', /^[0-9]$/, 'a number from 0 to 9')),
    region: text(
      env,
      'MATCHDESK_REGION',
      'us-east-1',
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      'an AWS region name, for example eu-central-1',
    ),
    accountId: text(env, 'MATCHDESK_ACCOUNT_ID', '000000000000', /^\d{12}$/, 'twelve digits'),
    environmentsFile: env.MATCHDESK_ENVIRONMENTS
      ? path.resolve(/*turbopackIgnore: true*/ env.MATCHDESK_ENVIRONMENTS)
      : null,
    localEndpoints: localEndpoints(env, host, enginePort),
    ingestSecrets: ingestSecrets(env),
    auditKey: auditKey(env),
    productionAccounts: productionAccounts(env),
    readOnly: flag(env, 'MATCHDESK_READ_ONLY', false),
    bulkMost: wholeNumber(env, 'MATCHDESK_BULK_MOST', 1_000, 1_000),
    bulkPerSecond: wholeNumber(env, 'MATCHDESK_BULK_PER_SECOND', 10, 100),
  }
}

function text(env: Env, name: string, fallback: string, pattern: RegExp, expected: string): string {
  const value = env[name] || fallback
  if (!pattern.test(value)) throw wrong(name, value, expected)
  return value
}

function portNumber(env: Env, name: string, fallback: number): number {
  const value = env[name] || String(fallback)
  const port = Number(value)
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535) throw wrong(name, value, 'a port number from 1 to 65535')
  return port
}

function wholeNumber(env: Env, name: string, fallback: number, most: number): number {
  const value = env[name] || String(fallback)
  const number = Number(value)
  if (!/^\d{1,6}$/.test(value) || number < 1 || number > most)
    throw wrong(name, value, `a whole number from 1 to ${most}`)
  return number
}

function flag(env: Env, name: string, fallback: boolean): boolean {
  const value = env[name] || (fallback ? '1' : '0')
  if (value !== '0' && value !== '1') throw wrong(name, value, '0 or 1')
  return value === '1'
}

function databaseUrl(env: Env): string | null {
  const value = env.DATABASE_URL
  if (!value) return null
  // The value can hold a password, so the message does not repeat it.
  if (!/^postgres(ql)?:\/\//.test(value)) {
    throw new SettingsError(
      'DATABASE_URL must start with postgres:// or postgresql://. Unset it to use the embedded PostgreSQL.',
    )
  }
  return value
}

function origins(env: Env, port: number): string[] {
  const value = env.MATCHDESK_ORIGIN
  if (!value) return [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  return value.split(',').map((part) => {
    const url = URL.parse(part.trim())
    if (!url || !/^https?:$/.test(url.protocol) || url.origin !== part.trim()) {
      throw wrong(
        'MATCHDESK_ORIGIN',
        part.trim(),
        'an origin such as https://matchdesk.example.com, several separated by commas',
      )
    }
    return url.origin
  })
}

function localEndpoints(env: Env, host: string, enginePort: number): Set<string> {
  const listed = (env.MATCHDESK_LOCAL_ENDPOINTS ?? '').split(',').map((part) => part.trim())
  const found = new Set<string>([hostAndPort(localAddress(host, enginePort)) as string])
  for (const each of listed.filter((part) => part !== '')) {
    const known = /:\d{1,5}$/.test(each) ? hostAndPort(`http://${each}`) : null
    if (known === null || /[/@?#]/.test(each)) {
      throw wrong(
        'MATCHDESK_LOCAL_ENDPOINTS',
        each,
        'a host and a port such as 10.0.0.7:9080, several separated by commas',
      )
    }
    found.add(known)
  }
  return found
}

/** As addresses are compared: each host in one spelling, and always with its port; null for what is no address. */
export function hostAndPort(address: string): string | null {
  const url = URL.parse(address)
  return url && `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
}

function ingestSecrets(env: Env): string[] {
  const value = env.MATCHDESK_INGEST_SECRET
  if (!value) return []
  const secrets = value.split(',').map((part) => part.trim())
  // The value is a secret, so the message does not repeat it.
  if (secrets.length > 2 || secrets.some((secret) => !/^[\x21-\x7e]{16,}$/.test(secret))) {
    throw new SettingsError(
      'MATCHDESK_INGEST_SECRET must be at least 16 printable characters without spaces, or two such secrets separated by a comma.',
    )
  }
  return secrets
}

function productionAccounts(env: Env): string[] {
  const value = env.MATCHDESK_PRODUCTION_ACCOUNTS
  if (!value) return []
  return value.split(',').map((part) => {
    const account = part.trim()
    if (!/^\d{12}$/.test(account)) {
      throw wrong('MATCHDESK_PRODUCTION_ACCOUNTS', account, 'AWS accounts of twelve digits, separated by commas')
    }
    return account
  })
}

function auditKey(env: Env): string | null {
  const value = env.MATCHDESK_AUDIT_KEY
  if (!value) return null
  // The value is a secret, so the message does not repeat it.
  if (!/^[\x21-\x7e]{32,}$/.test(value)) {
    throw new SettingsError('MATCHDESK_AUDIT_KEY must be at least 32 printable characters without spaces.')
  }
  return value
}

function wrong(name: string, value: string, expected: string): SettingsError {
  return new SettingsError(`${name} is ${JSON.stringify(value)}; it must be ${expected}.`)
}
