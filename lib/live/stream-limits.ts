/** How many streams may be open at once, so that one browser or person cannot hold every connection. */
const PER_SESSION = 4
const PER_PERSON = 20

export interface StreamLimits {
  /** Takes a place and returns how to give it back; null when there is none left. */
  take(sessionId: string, personId: string): (() => void) | null
}

export function createStreamLimits(): StreamLimits {
  const open = new Map<string, number>()
  const count = (key: string, by: number) => {
    const next = (open.get(key) ?? 0) + by
    if (next > 0) open.set(key, next)
    else open.delete(key)
  }
  return {
    take(sessionId, personId) {
      const session = `session ${sessionId}`
      const person = `person ${personId}`
      if ((open.get(session) ?? 0) >= PER_SESSION || (open.get(person) ?? 0) >= PER_PERSON) return null
      count(session, 1)
      count(person, 1)
      let given = false
      return () => {
        if (given) return
        given = true
        count(session, -1)
        count(person, -1)
      }
    },
  }
}
