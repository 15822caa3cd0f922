import { repeatedMember } from './repeated-member.ts'

export type ReadBody = { ok: true; value: unknown } | { ok: false; is: 'unreadable' | 'forged'; reason: string }

/** The text of a body, already bounded in bytes and depth, as JSON in which nothing stands twice. */
export function readSnsBody(text: string): ReadBody {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, is: 'unreadable', reason: `The body is not JSON: ${(error as Error).message}.` }
  }
  const twice = repeatedMember(text)
  return twice === null
    ? { ok: true, value }
    : { ok: false, is: 'forged', reason: `Not a message of SNS: ${JSON.stringify(twice)} is there twice.` }
}
