import type { TicketObservation } from '#lib/flexmatch/events.ts'
import { anObservation, CONFIGURATION } from '#lib/flexmatch/testing/builders.ts'
import type { DescribedGameSession } from '#lib/matchmaker/matchmaker.ts'
import type { Describer } from '#lib/tickets/reconcile.ts'

/** A matchmaker that knows what it is told, and remembers what it was asked. */
export class ScriptedDescriber implements Describer {
  readonly asked: string[][] = []
  readonly sessionsAsked: string[] = []
  readonly tickets = new Map<string, TicketObservation>()
  /** Matchmaker data by ARN. */
  readonly sessions = new Map<string, object>()
  failure: Error | null = null
  /** How many calls were under way at once, at most. */
  mostAtOnce = 0
  private underWay = 0

  knows(given: Partial<TicketObservation> & { ticketId: string }): this {
    this.tickets.set(given.ticketId, anObservation(given))
    return this
  }

  async describeTickets(ticketIds: readonly string[]) {
    this.asked.push([...ticketIds])
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay)
    await new Promise((resolve) => setTimeout(resolve, 1))
    this.underWay--
    if (this.failure) throw this.failure
    return ticketIds.flatMap((ticketId) => {
      const observation = this.tickets.get(ticketId)
      return observation ? [{ configuration: CONFIGURATION, observation: structuredClone(observation) }] : []
    })
  }

  async describeGameSession(gameSessionArn: string): Promise<DescribedGameSession | null> {
    this.sessionsAsked.push(gameSessionArn)
    const data = this.sessions.get(gameSessionArn)
    if (!data) return null
    return {
      gameSessionArn,
      status: 'ACTIVE',
      currentPlayers: 1,
      maximumPlayers: 4,
      ipAddress: null,
      dnsName: null,
      port: null,
      location: null,
      creationPolicy: null,
      matchmakerData: JSON.stringify(data),
    }
  }
}
