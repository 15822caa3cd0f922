import { shapeProblem } from './json-shape.ts'

/** More than any action of ours takes. Next refuses more too, but only while it reads. */
export const MAX_ACTION_BYTES = 256 * 1024
const LIMITS = { maxDepth: 16, maxMembers: 10_000, allowsText: isPlain }

/**
 * Why the body of a server action may not reach React, as the end of a sentence, or null. Actions are called with plain
 * values, and those come as one JSON text. All else that React's own format can say (references into other parts, promises,
 * streams, functions of the server) is of no use here, and is where its reader was broken into.
 */
export function actionBodyProblem(contentType: string | undefined, text: string): string | null {
  if (!/^text\/plain(;|$)/i.test(contentType ?? '')) return 'is not what pages of Matchdesk send'
  const problem = shapeProblem(text, LIMITS)
  if (problem !== null) return problem
  try {
    return Array.isArray(JSON.parse(text)) ? null : 'is not what pages of Matchdesk send'
  } catch {
    return 'is not JSON'
  }
}

/** React writes a text that begins with a dollar sign with two of them; with one it is something else than a text. */
function isPlain(text: string): boolean {
  return !text.startsWith('$') || text.startsWith('$$') || text === '$undefined'
}
