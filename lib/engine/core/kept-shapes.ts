/**
 * What the engine makes for one entry is garbage soon. Where a moment without requests lets the last object of a shape be
 * collected, the runtime forgets the shape and throws away the code that was compiled for it: the next requests cost
 * twice as much until it has been compiled anew. So the last entry of each kind is kept.
 */
import type { Command, Reply } from './contract.ts'
import type { Turn } from './turn.ts'

export class KeptShapes {
  readonly #last = new Map<string, { turn: Turn; reply: Reply }>()

  keep(turn: Turn, command: Command, reply: Reply): void {
    const first = turn.events[0]
    // One Tick picks tickets up, another one matches them.
    const kind = first === undefined ? command.operation : first.detail.type
    const last = this.#last.get(kind)
    if (last === undefined) {
      this.#last.set(kind, { turn, reply })
    } else {
      last.turn = turn
      last.reply = reply
    }
  }
}
