/**
 * Colyseus, a peer that runs live: its own QueueRoom, one per region as its users would have it, sorts waiting clients by
 * rank, groups neighbours, opens a room per group and reserves a seat for each client. The clients are ours and do next to
 * nothing, there is no network, and the cycle runs as soon as everybody has joined instead of every second. All of that is
 * to its advantage; so is that it knows no balance between teams.
 */
import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import {
  type AuthContext,
  type Client,
  connectClientToRoom,
  LocalDriver,
  LocalPresence,
  matchMaker,
  QueueRoom,
  Room,
} from '@colyseus/core'
import { collectGarbage, cpuMs } from '../measure.ts'
import { type Columns, REGIONS } from '../workload/columns.ts'
import type { Shape } from '../workload/rule-set-bodies.ts'

const JOINED: Client['state'] = 1
const JOINING: Client['state'] = 0
/** Many join while one waits, as over real connections. */
const JOIN_AT_ONCE = 500
/** CPU time without a new seat after which no more are coming. */
const PATIENCE_MS = 1_000

interface Group {
  clients: { sessionId: string; userData?: { rank: number; options?: { ticket: number } } }[]
}

/** So much of a client as the server touches. */
class FakeClient {
  readonly ref = new EventEmitter()
  readonly readyState = 1
  readonly sessionId: string
  state: Client['state'] = JOINING
  reconnectionToken = ''
  userData: unknown
  readonly #onSeat: () => void

  constructor(sessionId: string, onSeat: () => void) {
    this.sessionId = sessionId
    this.#onSeat = onSeat
  }
  raw(): void {
    this.state = JOINED // the first bytes are the room's welcome
  }
  enqueueRaw(): void {}
  send(type: string): void {
    if (type === 'seat') this.#onSeat()
  }
  leave(): void {}
}

/** What the queue makes its matches in. */
class GameRoom extends Room {}

/** A cycle of its own would only cost it time. */
class PatientQueueRoom extends QueueRoom {
  override cycleTickInterval = 1_000_000
}

/** Ticket indices of each match, in order of skill, and what it cost from the first join to the last seat. */
export async function drainByQueueRoom(
  columns: Columns,
  shape: Shape,
  budgetMs: number,
): Promise<{ matches: number[][]; usedMs: number; cut: boolean }> {
  // Rooms of a run before keep a timer each: they must not cost this one anything.
  await Promise.allSettled(matchMaker.disconnectAll())
  await matchMaker.setup(new LocalPresence(), new LocalDriver())
  await matchMaker.accept(true)
  matchMaker.defineRoomType('game', GameRoom)
  const matches: number[][] = []
  matchMaker.defineRoomType('queue', PatientQueueRoom, {
    matchRoomName: 'game',
    maxPlayers: 2 * shape.teamSize,
    // The group is sorted: when its first member suits the newcomer, all do.
    compare: (client: { rank: number }, group: Group) =>
      client.rank - (group.clients[0]?.userData?.rank ?? Number.NEGATIVE_INFINITY) <= shape.maxSpread,
    onGroupReady(group: Group) {
      matches.push(group.clients.map(({ userData }) => userData?.options?.ticket ?? -1))
      return matchMaker.createRoom('game', {})
    },
  })
  const queues = await Promise.all(REGIONS.map(() => matchMaker.createRoom('queue', {})))
  let seats = 0
  const onSeat = () => {
    seats++
  }
  collectGarbage()

  const startMs = cpuMs()
  for (let first = 0; first < columns.count; first += JOIN_AT_ONCE) {
    const last = Math.min(first + JOIN_AT_ONCE, columns.count)
    await Promise.all(Array.from({ length: last - first }, (_, index) => join(first + index)))
  }
  for (;;) {
    const before = matches.length
    for (const { roomId } of queues) (queueRoom(roomId) as unknown as QueueRoom).reassignMatchGroups()
    const isSeated = await seatsCome()
    if (matches.length === before || !isSeated) break
  }
  const usedMs = cpuMs() - startMs
  return { matches, usedMs, cut: usedMs > budgetMs || seats < matches.length * 2 * shape.teamSize }

  async function join(ticket: number): Promise<void> {
    const region = homeRegion(columns, ticket, shape.maxLatencyMs)
    const { roomId } = queues[region]!
    const options = { rank: columns.skill[ticket], ticket }
    const { sessionId } = await matchMaker.joinById(roomId, options)
    const client = new FakeClient(sessionId, onSeat)
    await connectClientToRoom(queueRoom(roomId), client as never, {} as AuthContext, {})
  }

  /** Waits for a seat for everybody who is in a group by now. */
  async function seatsCome(): Promise<boolean> {
    let known = seats
    for (let sinceMs = cpuMs(); cpuMs() - startMs < budgetMs; await turn()) {
      if (seats === matches.length * 2 * shape.teamSize) return true
      if (seats > known) sinceMs = cpuMs()
      else if (cpuMs() - sinceMs > PATIENCE_MS) return false
      known = seats
    }
    return false
  }
}

function queueRoom(roomId: string): Room {
  const room = matchMaker.getLocalRoomById(roomId)
  if (!room) throw new Error('The queue room is gone.')
  return room
}

/** The only region that is near enough. */
function homeRegion({ latencyMs }: Columns, ticket: number, maxLatencyMs: number): number {
  return REGIONS.findIndex((_, region) => latencyMs[ticket * REGIONS.length + region]! <= maxLatencyMs)
}
