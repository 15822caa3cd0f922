/**
 * One line of JSON per entry, so that nothing in a message can pretend to be another entry, and no secret in it: what is
 * known to be one by its name, and what looks like one wherever it stands.
 */
export function logLine(
  entry: { level: 'info' | 'warning' | 'error'; message: string } & Record<string, unknown>,
): void {
  console.error(logText(entry, new Date()))
}

/** The line without its end. */
export function logText(entry: Record<string, unknown>, at: Date): string {
  const { error, ...rest } = entry
  const line = { at: at.toISOString(), ...rest, ...(error === undefined ? {} : { error: described(error) }) }
  try {
    return visible(JSON.stringify(line, withoutSecrets))
  } catch {
    // What is thrown can be anything, also something that cannot be written down.
    return visible(JSON.stringify({ at: line.at, level: 'error', message: 'An entry of the log could not be written' }))
  }
}

function described(error: unknown, depth = 0): unknown {
  try {
    return partsOf(error, depth)
  } catch {
    return 'something that cannot be described'
  }
}

function partsOf(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause !== undefined && depth < 3 ? { cause: described(error.cause, depth + 1) } : {}
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { name: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}

const HIDDEN = '[hidden]'
const SECRET_NAMES =
  /^(.*(secret|password|passwd|token|cookie|session_?id|credential).*|authorization|api_?key|private_?key)$/i
/** Each with what may stay to tell what it was. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b(bearer|basic|digest)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\b((?:__Host-)?matchdesk(?:-\d+)?)=[^\s;,"]+/g, `$1=${HIDDEN}`],
  [/\b(x-matchdesk-secret|x-amz-security-token|(?:set-)?cookie)(["']?\s*[:=]\s*["']?)[^\s"',]+/gi, `$1$2${HIDDEN}`],
  [
    /([?&](?:token|secret|code|state|X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token)=)[^&\s"'#]+/gi,
    `$1${HIDDEN}`,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, HIDDEN],
  [/\b(aws_?secret_?access_?key|secretAccessKey)(["']?\s*[:=]\s*["']?)[^\s"',]+/gi, `$1$2${HIDDEN}`],
  [/(\bpostgres(?:ql)?:\/\/[^\s:@/]*):[^\s@/]+@/g, `$1:${HIDDEN}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
]

function withoutSecrets(name: string, value: unknown): unknown {
  if (value !== null && value !== undefined && SECRET_NAMES.test(name)) return HIDDEN
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'string') return value
  return SECRETS.reduce((text, [pattern, stays]) => text.replace(pattern, stays), value)
}

/** What ends a line for some readers, moves the cursor of others, or turns their text around, is written out. */
const INVISIBLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

function visible(json: string): string {
  return json.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
