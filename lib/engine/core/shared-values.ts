/**
 * Equal texts and lists that players keep sending are kept once. A table of fixed size: a value that falls on another's
 * place takes it, and the other goes on with whoever has it.
 */

const PLACES = 4096
/** Longer ones hardly come back. */
const LONGEST = 128

const texts = new Array<string>(PLACES).fill('')
const lists = new Array<readonly string[]>(PLACES).fill([])

export function sharedText(text: string): string {
  if (text.length > LONGEST) return text
  const place = mix(0, text) & (PLACES - 1)
  const known = texts[place]!
  if (known === text) return known
  texts[place] = text
  return text
}

/** A copy of the list, or the one that others have already. */
export function sharedList(list: readonly string[]): readonly string[] {
  if (list.length > LONGEST) return list.slice()
  let hash = list.length
  for (const text of list) hash = mix(hash, text)
  const place = hash & (PLACES - 1)
  const known = lists[place]!
  if (isSame(known, list)) return known
  const copy = list.slice()
  lists[place] = copy
  return copy
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}

/** Of a text only its length and a few characters: two that share a place share no memory, that is all. */
function mix(seed: number, text: string): number {
  const { length } = text
  if (length === 0) return seed
  const ends = text.charCodeAt(0) | (text.charCodeAt(length - 1) << 8) | (text.charCodeAt(length >> 1) << 16)
  const hash = Math.imul(seed ^ ends ^ (length << 24), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}
