import type { Command } from '#lib/engine/core/contract.ts'
import { WireError } from '#lib/engine/wire/errors.ts'
import type { Outcome } from './recover.ts'

/** A command that somebody waits for. */
export interface Waiting {
  command: Command
  /** As it will stand in the journal. */
  text: string
  resolve(outcome: Outcome): void
  reject(error: Error): void
}

export function isTick({ command }: Pick<Waiting, 'command'>): boolean {
  return command.operation === 'Tick'
}

interface Limit {
  commands: number
  characters: number
}
/** One commit takes this much at most, give or take one command: all of it is applied and answered in one go. */
const ONE_COMMIT: Limit = { commands: 250, characters: 1024 * 1024 }
/** Beyond this callers are told to come back later: what waits here is held in memory. */
const FULL: Limit = { commands: 10_000, characters: 64 * 1024 * 1024 }
const EVERYTHING: Limit = { commands: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY }

/** Commands on their way to the journal, in order of arrival. */
export class WaitingCommands {
  #waiting: Waiting[] = []
  #characters = 0

  get count(): number {
    return this.#waiting.length
  }

  /** Resolves once the command is committed and applied. Throws ThrottlingException when too much waits already. */
  add(command: Command): Promise<Outcome> {
    if (this.#waiting.length >= FULL.commands || this.#characters >= FULL.characters) {
      throw new WireError('ThrottlingException', 'Rate exceeded')
    }
    const text = JSON.stringify(command)
    this.#characters += text.length
    return new Promise((resolve, reject) => this.#waiting.push({ command, text, resolve, reject }))
  }

  /** The oldest commands, as many as fit into one commit. A Tick among them comes last: nobody waits for its answer. */
  takeBatch(): Waiting[] {
    const batch = this.#take(ONE_COMMIT)
    return [...batch.filter((waiting) => !isTick(waiting)), ...batch.filter(isTick)]
  }

  refuseAll(error: Error): void {
    for (const { reject } of this.#take(EVERYTHING)) reject(error)
  }

  #take(limit: Limit): Waiting[] {
    let characters = 0
    let count = 0
    while (count < limit.commands && characters < limit.characters) {
      const next = this.#waiting[count]
      if (!next) break
      characters += next.text.length
      count++
    }
    this.#characters -= characters
    return this.#waiting.splice(0, count)
  }
}
