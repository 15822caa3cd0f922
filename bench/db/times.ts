/** How long questions take that are asked one after the other. */
import { percentile } from '../ratios.ts'

export interface Times {
  p50Ms: number
  p99Ms: number
}

export function timesOf(ms: readonly number[]): Times {
  return { p50Ms: percentile(ms, 0.5), p99Ms: percentile(ms, 0.99) }
}

export async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

/**
 * Asks each of `questions` in both ways, one right after the other, and in turns the other one first: what the first
 * has brought into memory helps the second. The whole is done twice, and the second time counts.
 */
export async function inTurns<Q>(
  questions: readonly Q[],
  one: (question: Q) => Promise<unknown>,
  other: (question: Q) => Promise<unknown>,
): Promise<{ one: number[]; other: number[] }> {
  const ms = { one: [] as number[], other: [] as number[] }
  for (const counts of [false, true]) {
    for (const [number, question] of questions.entries()) {
      const pair = [
        [ms.one, one],
        [ms.other, other],
      ] as const
      for (const [taken, ask] of number % 2 === 0 ? pair : pair.toReversed()) {
        const tookMs = await msOf(() => ask(question))
        if (counts) taken.push(tookMs)
      }
    }
  }
  return ms
}
