/** One line of JSON per entry, so that nothing in a message can pretend to be another entry. */
export function logLine(
  entry: { level: 'info' | 'warning' | 'error'; message: string } & Record<string, unknown>,
): void {
  const { error, ...rest } = entry
  const line = { at: new Date().toISOString(), ...rest, ...(error === undefined ? {} : { error: described(error) }) }
  console.error(JSON.stringify(line))
}

function described(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause !== undefined && depth < 3 ? { cause: described(error.cause, depth + 1) } : {}
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { name: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
