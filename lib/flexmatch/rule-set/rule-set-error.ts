/** One thing that is wrong with a rule set body. `path` is empty for the document as a whole. */
export interface RuleSetReason {
  /** For example `rules[2].measurements[0]`. */
  path: string
  message: string
  /** Where in the body, both from 1. */
  line: number
  column: number
}

/** A rule set body that is not legal. Carries every reason that was found, in the order of the document's parts. */
export class RuleSetError extends Error {
  readonly reasons: readonly RuleSetReason[]
  constructor(reasons: readonly RuleSetReason[]) {
    super(reasons.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '))
    this.name = 'RuleSetError'
    this.reasons = reasons
  }
}
