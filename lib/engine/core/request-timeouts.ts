/**
 * When the request time-outs of waiting tickets strike. All tickets of a configuration have the same time-out, so they
 * fall due in the order they came: one line per configuration, of which only the first has to be watched. A ticket that
 * comes back from a match would have to push in, so it has a timer of its own instead (`pool.ts`).
 */
import type { ConfigurationState, TicketState } from './state.ts'

export function requestDeadlineMs(configuration: ConfigurationState, ticket: TicketState): number {
  return ticket.startTimeMs + configuration.settings.requestTimeoutSeconds * 1000
}

/** Whether its time-out is watched in a line: it waits, and has never been in a match. */
export function standsInLine({ status, matchId }: TicketState): boolean {
  return matchId === null && (status === 'QUEUED' || status === 'SEARCHING')
}

export class RequestTimeouts {
  /** By configuration name. */
  readonly #lines = new Map<string, Line>()
  /** The line that was left by everybody last: its shape would be forgotten otherwise (`kept-shapes.ts`). */
  #emptied: Line | null = null
  #first: TicketState | null = null
  #firstMs = Number.POSITIVE_INFINITY
  /** Whether `#first` still has to be found. */
  #stale = false

  add(configuration: ConfigurationState, ticket: TicketState): void {
    const line = this.#lines.get(configuration.name) ?? this.#emptyLine(configuration)
    if (line.waiting === 0) this.#lines.set(configuration.name, line)
    line.add(ticket)
    if (!this.#stale) this.#consider(configuration, ticket)
  }

  #emptyLine(configuration: ConfigurationState): Line {
    return this.#emptied?.configuration === configuration ? this.#emptied : new Line(configuration)
  }

  /** The ticket does not wait any more. */
  leave(ticket: TicketState): void {
    const line = this.#lines.get(ticket.configurationName)!
    line.leave()
    if (line.waiting === 0) {
      this.#lines.delete(ticket.configurationName)
      this.#emptied = line
    }
    if (ticket === this.#first) this.settingsChanged()
  }

  /** A configuration may have another time-out now. */
  settingsChanged(): void {
    this.#stale = true
  }

  /** When the next time-out strikes; null while no ticket stands in a line. */
  nextMs(): number | null {
    return this.next() && this.#firstMs
  }

  /** Whom it strikes: of several at the same time the one that came first. */
  next(): TicketState | null {
    if (!this.#stale) return this.#first
    this.#stale = false
    this.#first = null
    this.#firstMs = Number.POSITIVE_INFINITY
    for (const line of this.#lines.values()) {
      const ticket = line.first()
      if (ticket) this.#consider(line.configuration, ticket)
    }
    return this.#first
  }

  #consider(configuration: ConfigurationState, ticket: TicketState): void {
    const atMs = requestDeadlineMs(configuration, ticket)
    if (atMs > this.#firstMs || (atMs === this.#firstMs && this.#first && ticket.arrival > this.#first.arrival)) return
    this.#first = ticket
    this.#firstMs = atMs
  }
}

const FEW = 64

/** Who has left stays until everyone before has, or until most have. */
class Line {
  readonly configuration: ConfigurationState
  /** How many of them still wait. */
  waiting = 0
  #tickets: TicketState[] = []
  #head = 0

  constructor(configuration: ConfigurationState) {
    this.configuration = configuration
  }

  add(ticket: TicketState): void {
    this.#tickets.push(ticket)
    this.waiting++
  }

  leave(): void {
    this.waiting--
    if (this.#tickets.length > 2 * this.waiting + FEW) {
      this.#tickets = this.#tickets.slice(this.#head).filter(standsInLine)
      this.#head = 0
    }
  }

  first(): TicketState | null {
    for (; this.#head < this.#tickets.length; this.#head++) {
      const ticket = this.#tickets[this.#head]!
      if (standsInLine(ticket)) return ticket
    }
    return null
  }
}
