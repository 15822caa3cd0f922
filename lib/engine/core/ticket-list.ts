/** Tickets in the order they were added. Each knows its own place, so that coming and going takes no look-up. */
import type { TicketState } from './state.ts'

/** Places that may be empty in a list of hardly anyone. */
const FEW = 64

export class TicketList {
  #size = 0
  /** null: it has left. */
  #places: (TicketState | null)[] = []
  /** Everyone before has left. */
  #head = 0

  get size(): number {
    return this.#size
  }

  /** For a ticket that is in no list. */
  add(ticket: TicketState): void {
    ticket.listPlace = this.#places.push(ticket) - 1
    this.#size++
  }

  has(ticket: TicketState): boolean {
    return ticket.listPlace >= 0 && this.#places[ticket.listPlace] === ticket
  }

  /** Whether it was in this list. */
  delete(ticket: TicketState): boolean {
    if (!this.has(ticket)) return false
    this.#places[ticket.listPlace] = null
    ticket.listPlace = -1
    this.#size--
    if (this.#places.length > 2 * this.#size + FEW) this.#closeRanks()
    return true
  }

  first(): TicketState | null {
    while (this.#head < this.#places.length) {
      const ticket = this.#places[this.#head]!
      if (ticket !== null) return ticket
      this.#head++
    }
    return null
  }

  /** Those who are in it now, whoever leaves or comes meanwhile. */
  [Symbol.iterator](): IterableIterator<TicketState> {
    return this.#present().values()
  }

  #present(): TicketState[] {
    return this.#places.filter((ticket) => ticket !== null)
  }

  #closeRanks(): void {
    const present = this.#present()
    present.forEach((ticket, place) => {
      ticket.listPlace = place
    })
    this.#places = present
    this.#head = 0
  }
}
