/**
 * Sums, counts and extremes of number columns per team, for a set of tickets. Rules that read nothing else are asked
 * about these few numbers instead of about every player.
 */
export class Totals {
  readonly #columns: number
  readonly sums: Float64Array
  readonly counts: Float64Array
  readonly mins: Float64Array
  readonly maxs: Float64Array

  constructor(teams: number, columns: number) {
    this.#columns = columns
    this.sums = new Float64Array(teams * columns)
    this.counts = new Float64Array(teams * columns)
    this.mins = new Float64Array(teams * columns)
    this.maxs = new Float64Array(teams * columns)
    this.clear()
  }

  at(team: number, column: number): number {
    return team * this.#columns + column
  }

  clear(): void {
    for (let at = 0; at < this.sums.length; at++) {
      this.sums[at] = 0
      this.counts[at] = 0
      this.mins[at] = Number.POSITIVE_INFINITY
      this.maxs[at] = Number.NEGATIVE_INFINITY
    }
  }

  add(team: number, column: number, { sum, count, min, max }: ColumnTotal): void {
    const at = this.at(team, column)
    this.sums[at]! += sum
    this.counts[at]! += count
    if (min < this.mins[at]!) this.mins[at] = min
    if (max > this.maxs[at]!) this.maxs[at] = max
  }
}

export interface ColumnTotal {
  sum: number
  count: number
  min: number
  max: number
}
