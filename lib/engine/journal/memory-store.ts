import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { type EventPlace, isAfter } from './event-place.ts'
import type { EntryGroup, JournalStore, Outbox, Snapshot, WrittenEntry } from './store.ts'

const KEPT_SNAPSHOTS = 2
const PAGE_EVENTS = 500
/** For a target that takes nothing: it misses the oldest then, as nothing here lives for ever. */
const MOST_EVENTS = 200_000
const START: EventPlace = { position: 0, index: 0 }

/**
 * A store that ends with the process, for runs that are thrown away. It holds the whole run, so that it can be read and
 * exported, until a second snapshot shows that it is a long one: then it holds what is after the older of the last two.
 * Events are kept until each of `targets` has them.
 */
export function createMemoryStore(targets: readonly string[] = []): JournalStore {
  let groups: EntryGroup[] = []
  let snapshots: Snapshot[] = []

  async function* entriesAfter(position: number): AsyncGenerator<WrittenEntry> {
    const first = groups[0]?.position ?? 1
    if (position + 1 < first) throw new Error(`Entries before ${first} are no longer in memory.`)
    for (const group of [...groups]) {
      for (const [index, text] of group.commands.entries()) {
        const at = group.position + index
        if (at > position) yield { position: at, timeMs: group.timeMs, command: JSON.parse(text), text }
      }
    }
  }

  return {
    async hold() {
      return {
        append: async (group) => void groups.push(group),
        async appendAll(added) {
          const all: EntryGroup[] = []
          for await (const group of added) all.push(group)
          groups = [...groups, ...all]
        },
        entriesAfter,
        release: async () => {},
      }
    },
    entriesAfter,
    newestSnapshot: async () => snapshots.at(-1) ?? null,
    async saveSnapshot(snapshot) {
      snapshots = [...snapshots, snapshot].slice(-KEPT_SNAPSHOTS)
      const oldest = snapshots[0]
      if (snapshots.length < KEPT_SNAPSHOTS || !oldest) return
      groups = groups.filter(({ position, commands }) => position + commands.length - 1 > oldest.position)
    },
    outbox: createMemoryOutbox(targets),
  }
}

function createMemoryOutbox(targets: readonly string[]): Outbox {
  let events: EngineEvent[] = []
  let last: EventPlace | null = null
  const delivered = new Map(targets.map((name) => [name, START]))

  function forgetDelivered(): void {
    const open = events.findIndex((event) => [...delivered.values()].some((place) => isAfter(event, place)))
    events = open < 0 ? [] : events.slice(Math.max(open, events.length - MOST_EVENTS))
  }

  return {
    last: async () => last,
    async write(added) {
      for (const event of added) events.push(event)
      last = added.at(-1) ?? last
      if (delivered.size === 0 || events.length > MOST_EVENTS) forgetDelivered()
      return added.length
    },
    async after(place) {
      const next = events.findIndex((event) => isAfter(event, place))
      return next < 0 ? [] : events.slice(next, next + PAGE_EVENTS)
    },
    prune: async () => false, // what every target has is gone already
    async registerTarget(name) {
      if (!delivered.has(name)) delivered.set(name, START)
      return delivered.get(name) ?? START
    },
    async advanceTarget(name, place) {
      if (isAfter(place, delivered.get(name) ?? START))
        delivered.set(name, { position: place.position, index: place.index })
      forgetDelivered()
    },
    setAside: async () => {}, // the publisher says which event was refused, and why
  }
}
