import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { type EventPlace, isAfter } from './event-place.ts'
import type { EntryGroup, JournalStore, Outbox, WrittenEntry } from './store.ts'

/** Far more than a test asks for: its run is held whole, so that it can be read and exported. */
const MOST_ENTRIES = 1_000_000
const PAGE_EVENTS = 500
/** For a target that takes nothing: it misses the oldest then, as nothing here lives for ever. */
const MOST_EVENTS = 200_000
const START: EventPlace = { position: 0, index: 0 }

/**
 * A store that ends with the process, for runs that are thrown away. It holds the whole run until that has more than
 * `mostEntries`; then the older half of its commits goes. Events are kept until each of `targets` has them.
 */
export function createMemoryStore(targets: readonly string[] = [], mostEntries = MOST_ENTRIES): JournalStore {
  let groups: EntryGroup[] = []

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
        async append(group) {
          groups.push(group)
          const last = group.position + group.commands.length - 1
          if (last - (groups[0]?.position ?? 1) >= mostEntries) groups = groups.slice(groups.length >> 1)
        },
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
    snapshots: null,
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
