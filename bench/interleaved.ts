import type { CaseResult } from './engine/cases.ts'
import { rate } from './ratios.ts'

/**
 * A B A B …: whatever else the machine does meets all of them. The best of each counts, and of the longest Ticks the
 * shortest: what else runs can only lengthen it.
 */
export async function interleaved<C extends string>(
  rounds: number,
  names: readonly C[],
  run: (name: C) => Promise<CaseResult>,
): Promise<Record<C, CaseResult>> {
  const best = {} as Record<C, CaseResult>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const result = await run(name)
      const known: CaseResult | undefined = best[name]
      const longestTickMs = Math.min(result.longestTickMs ?? Infinity, known?.longestTickMs ?? Infinity)
      best[name] = { ...(known && rate(known) >= rate(result) ? known : result), longestTickMs }
    }
  }
  return best
}
