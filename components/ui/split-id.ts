const END_CHARACTERS = 7

/** The beginning and the end of an id: ids differ at both, so the end is always shown. A short id is all end. */
export function splitId(id: string): [start: string, end: string] {
  const characters = [...id]
  if (characters.length <= 2 * END_CHARACTERS) return ['', id]
  return [characters.slice(0, -END_CHARACTERS).join(''), characters.slice(-END_CHARACTERS).join('')]
}

/** Middle-truncated text for places that hold plain text only: `t-7f3a9…41c2`. */
export function middle(id: string, length: number): string {
  const characters = [...id]
  if (characters.length <= length) return id
  const tail = Math.floor((length - 1) / 2)
  return `${characters.slice(0, length - 1 - tail).join('')}…${characters.slice(-tail).join('')}`
}
