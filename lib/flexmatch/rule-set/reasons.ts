import type { JsonNode, JsonSyntaxError } from './json-reader.ts'
import { RuleSetError, type RuleSetReason } from './rule-set-error.ts'

/** Enough to repair a body by; keeps the answer to a hostile body small. */
const MAX_REASONS = 100

/** Collects what is wrong with one body, so that everything is reported together. */
export class Reasons {
  readonly #body: string
  readonly #found: { path: string; message: string; at: number }[] = []
  #count = 0
  constructor(body: string) {
    this.#body = body
  }

  get count(): number {
    return this.#count
  }

  /** `where` is the value that is wrong, or the one that lacks something. */
  add(path: string, message: string, where: JsonNode | { at: number }): void {
    this.#count++
    if (this.#found.length < MAX_REASONS) this.#found.push({ path, message, at: where.at })
  }

  /** A body that is not JSON has no paths; its message says where. */
  addSyntaxError(error: JsonSyntaxError): void {
    const { line, column } = this.#position(error.at)
    this.add('', `not JSON: ${error.message} (line ${line}, column ${column})`, error)
  }

  throwIfAny(): void {
    if (this.#count === 0) return
    const reasons: RuleSetReason[] = this.#found.map(({ path, message, at }) => ({
      path,
      message,
      ...this.#position(at),
    }))
    if (this.#count > MAX_REASONS) {
      reasons.push({ path: '', message: `${this.#count - MAX_REASONS} more reasons are not shown`, line: 1, column: 1 })
    }
    throw new RuleSetError(reasons)
  }

  #position(at: number): { line: number; column: number } {
    let line = 1
    let lineStart = 0
    for (let next = this.#body.indexOf('\n'); next >= 0 && next < at; next = this.#body.indexOf('\n', next + 1)) {
      line++
      lineStart = next + 1
    }
    return { line, column: at - lineStart + 1 }
  }
}
