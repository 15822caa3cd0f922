/**
 * The first member that an object of JSON has twice at its outermost level, or null. Parsers keep one of the two without
 * a word, and two parsers need not keep the same one. `text` must have been parsed before.
 */
export function repeatedMember(text: string): string | null {
  if (text.trimStart()[0] !== '{') return null
  const seen = new Set<string>()
  let depth = 0
  let isName = false
  for (let index = 0; index < text.length; index++) {
    switch (text[index]) {
      case '{':
      case '[':
        depth++
        isName = depth === 1
        break
      case '}':
      case ']':
        depth--
        break
      case ',':
        isName = depth === 1
        break
      case '"': {
        const end = endOfText(text, index)
        if (isName) {
          const name = JSON.parse(text.slice(index, end + 1)) as string
          if (seen.has(name)) return name
          seen.add(name)
          isName = false
        }
        index = end
      }
    }
  }
  return null
}

/** Index of the quotation mark that closes the one at `start`. */
function endOfText(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index
}
