/**
 * One event, however many copies of it came. What an event says is its identity, so the copies of all channels share a
 * row. Where one channel brought the same content in several envelopes it happened several times: the nth of each channel
 * are the nth event. Which copy came first, and by which channel, changes nothing.
 */
import type { Channel } from '#lib/environments/environment.ts'

export interface Copy {
  channel: Channel
  /** Of the envelope: the same message again has the same. */
  id: string
  /** Epoch ms, as this copy has it. */
  at: number
  /** Where the channel stamps whole seconds. */
  inSeconds?: true
  receivedAt: number
}
export interface Occurrence {
  /** The key of the content, with .1, .2, … from the second on. */
  id: string
  at: number
  copies: Copy[]
}
/** `copy`: the event was known from another channel. `repeated`: this very message was. */
export type CopyOutcome = 'added' | 'copy' | 'repeated'

/** What is stored of one content together with what arrived; an outcome for each that arrived, in their order. */
export function mergeCopies(
  key: string,
  stored: readonly Occurrence[],
  arrived: readonly Copy[],
): { occurrences: Occurrence[]; outcomes: CopyOutcome[] } {
  const byChannel = new Map<Channel, Copy[]>()
  const add = (copy: Copy) => {
    const known = byChannel.get(copy.channel)
    if (known) known.push(copy)
    else byChannel.set(copy.channel, [copy])
  }
  for (const { copies } of stored) copies.forEach(add)
  let count = stored.length
  const outcomes = arrived.map((copy): CopyOutcome => {
    const ofChannel = byChannel.get(copy.channel)
    const again = ofChannel?.findIndex(({ id }) => id === copy.id) ?? -1
    if (ofChannel && again >= 0) {
      const known = ofChannel[again] as Copy
      // A queue that two services feed may bring one message in both forms of time.
      if (known.inSeconds && !copy.inSeconds) ofChannel[again] = copy
      return 'repeated'
    }
    add(copy)
    if ((byChannel.get(copy.channel)?.length ?? 0) <= count) return 'copy'
    count++
    return 'added'
  })
  for (const copies of byChannel.values()) copies.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const occurrences = Array.from({ length: count }, (_, n): Occurrence => {
    const copies = [...byChannel.values()].flatMap((ofChannel) => ofChannel[n] ?? [])
    return { id: n === 0 ? key : `${key}.${n}`, at: timeOf(copies), copies }
  })
  return { occurrences, outcomes }
}

/** A time with milliseconds says more than the whole second of another copy. */
function timeOf(copies: readonly Copy[]): number {
  const exact = copies.filter(({ inSeconds }) => !inSeconds)
  return Math.min(...(exact.length > 0 ? exact : copies).map(({ at }) => at))
}
