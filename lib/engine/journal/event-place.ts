/** Place of an event in the one order of all events. */
export interface EventPlace {
  position: number
  index: number
}

export function isAfter(a: EventPlace, b: EventPlace): boolean {
  return a.position > b.position || (a.position === b.position && a.index > b.index)
}
