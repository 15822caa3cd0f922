/**
 * For the Node of a process that is an engine and nothing else. Almost all that an engine under load allocates stays (a
 * ticket waits), so collecting the young generation copies all of it, and nobody is answered meanwhile. Larger, the pauses
 * are longer. Smaller, they are so many that the work costs a third more; and smaller Node makes it by itself after every
 * quiet moment.
 */
const YOUNG_GENERATION_MB = 8
/**
 * Below that the old generation is not collected. While it is, its threads take the cores for a tenth of a second from the
 * database and from those who ask: at 100,000 waiting tickets that was every two seconds, and the slowest hundredth of all
 * answers.
 */
const OLD_GENERATION_MB = 512
/**
 * What lies outside V8's heap (the columns of waiting tickets, what sockets have read) counts with the rest. By itself it
 * has the old generation collected whenever 64 MB were added, which a pool that doubles does at once.
 */
const OUTSIDE_COUNTS_TOO = '--external-memory-accounted-in-global-limit'
/** A Node that does not know a flag does not start: this one goes to the version that the package brings. */
const isOwnNode = process.versions.node.startsWith('24.')
export const ENGINE_NODE_FLAGS: readonly string[] = [
  `--min-semi-space-size=${YOUNG_GENERATION_MB}`,
  `--max-semi-space-size=${YOUNG_GENERATION_MB}`,
  `--initial-old-space-size=${OLD_GENERATION_MB}`,
  ...(isOwnNode ? [OUTSIDE_COUNTS_TOO] : []),
]
