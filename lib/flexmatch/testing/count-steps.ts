/**
 * How many times any block of our own code runs: a count that, unlike a clock, is the same on every machine and under any
 * load. What regular expressions and built-in functions do inside is not in it. Import it before the code that is to be
 * counted: only what is compiled afterwards counts its blocks. It makes everything in the test file slow.
 */
import { Session } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'

// Optimised code does not count every call.
for (const compiler of ['opt', 'maglev', 'sparkplug']) setFlagsFromString(`--no-${compiler}`)
const session = new Session()
session.connect()
ask('Profiler.enable')
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

interface Coverage {
  result: { url: string; functions: { ranges: { count: number }[] }[] }[]
}

export function countSteps(work: () => unknown): number {
  ask('Profiler.takePreciseCoverage') // begins to count anew
  work()
  const { result } = ask('Profiler.takePreciseCoverage') as Coverage
  return result
    .filter(({ url }) => url.includes('/lib/') && !url.includes('node_modules') && !url.includes('.test.'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0)
}

/** How many times as many steps twice the input takes: 2 where work is linear, 4 where it is quadratic. */
export function growth(workOf: (size: number) => () => unknown, size: number): number {
  return countSteps(workOf(2 * size)) / countSteps(workOf(size))
}

function ask(method: string, given: object = {}): unknown {
  let answer: unknown
  // A session of one's own thread answers before post returns.
  session.post(method, given, (error, result) => {
    if (error) throw error
    answer = result
  })
  return answer
}
