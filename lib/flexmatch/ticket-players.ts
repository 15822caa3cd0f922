import type { EventPlayer } from './events.ts'
import type { TicketPlayer } from './ticket.ts'

export const noAnswer = { answer: null, answeredAt: null } as const

/** Teams and player sessions as an event tells them; what it leaves out stays. */
export function takeTeams(players: TicketPlayer[], heard: EventPlayer[]): TicketPlayer[] {
  return players.map((player) => {
    const said = heard.find((candidate) => candidate.playerId === player.playerId)
    return {
      ...player,
      team: said?.team ?? player.team,
      playerSessionId: said?.playerSessionId ?? player.playerSessionId,
    }
  })
}

/** Known players keep their place and what is known of them; new ones are added. */
export function mergePlayers(known: TicketPlayer[], heard: EventPlayer[]): TicketPlayer[] {
  const ids = new Set(known.map((player) => player.playerId))
  const added: TicketPlayer[] = []
  for (const { playerId } of heard) {
    if (ids.has(playerId)) continue
    ids.add(playerId)
    added.push({ playerId, team: null, ...noAnswer, playerSessionId: null, attributes: null, latencyMs: null })
  }
  return added.length === 0 ? known : [...known, ...added]
}
