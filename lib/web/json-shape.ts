/** What is wrong with the shape of a JSON text, found in one run over its characters and before anything is built of it. */

export interface ShapeLimits {
  maxDepth: number
  /** Of one object or array. */
  maxMembers: number
  /** Whether a text may stand there as a value. */
  allowsText?: (text: string) => boolean
}

/** Names by which an object is taken for another one when members are copied. */
const isOfPrototype = (name: string) => name === '__proto__' || name === 'constructor' || name === 'prototype'

interface Open {
  isObject: boolean
  members: number
  /** The names of an object, so far: a list while they are few. */
  names: string[]
  many: Set<string> | null
}
/** From here on looking through a list takes longer than making a set. */
const FEW = 16

/**
 * Why a text may not be parsed, as the end of a sentence ("… is nested deeper than 32 levels"), or null. Text that is no
 * JSON may pass: the parser says so better.
 */
export function shapeProblem(text: string, { maxDepth, maxMembers, allowsText }: ShapeLimits): string | null {
  const open: Open[] = []
  let top: Open | undefined
  let nameComes = false
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case OPEN_BRACE:
      case OPEN_BRACKET: {
        if (open.length === maxDepth) return `is nested deeper than ${maxDepth} levels`
        const isObject = text.charCodeAt(index) === OPEN_BRACE
        top = { isObject, members: 1, names: NONE, many: null }
        open.push(top)
        nameComes = isObject
        break
      }
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop()
        top = open.at(-1)
        nameComes = false
        break
      case COMMA:
        if (top && ++top.members > maxMembers) return `has more than ${maxMembers} members in one place`
        nameComes = top?.isObject === true
        break
      case QUOTE: {
        const end = endOfText(text, index)
        if (nameComes && top) {
          const name = contentOf(text, index, end)
          if (isOfPrototype(name)) return `has a member called ${name}`
          if (!isNew(top, name)) return `has the member ${JSON.stringify(name.slice(0, 100))} twice`
          nameComes = false
        } else if (allowsText && !allowsText(contentOf(text, index, end))) {
          return 'holds a text that is not taken here'
        }
        index = end
        break
      }
      default:
        if (isDigit(text.charCodeAt(index))) {
          const end = endOfNumber(text, index)
          // Longer ones only, or with an exponent: what is shorter is finite.
          if (end - index > 3 && !Number.isFinite(Number(text.slice(index, end)))) {
            return 'holds a number that is too large'
          }
          index = end - 1
        }
    }
  }
  return null
}

const NONE: string[] = []

/** Whether the object had no such name yet; notes it. */
function isNew(object: Open, name: string): boolean {
  if (object.many !== null) return object.many.size < object.many.add(name).size
  if (object.names.includes(name)) return false
  if (object.names === NONE) object.names = [name]
  else if (object.names.push(name) > FEW) object.many = new Set(object.names)
  return true
}

/** Index of the quotation mark that closes the one at `start`, or the length of the text. */
function endOfText(text: string, start: number): number {
  let index = start + 1
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) return index
    if (code === BACKSLASH) index++
  }
  return index
}

function contentOf(text: string, start: number, end: number): string {
  const content = text.slice(start + 1, end)
  if (!content.includes('\\')) return content
  try {
    return JSON.parse(`"${content}"`) as string
  } catch {
    return content
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start
  while (end < text.length && IN_NUMBER.includes(text[end] ?? '')) end++
  return end
}

const IN_NUMBER = '0123456789.eE+-'
const isDigit = (code: number) => code >= 48 && code <= 57
const [QUOTE, COMMA, BACKSLASH] = [34, 44, 92]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [123, 125, 91, 93]
