/**
 * For the Node of a process that is an engine and nothing else. Almost all that an engine under load allocates stays (a
 * ticket waits), so collecting the young generation copies all of it: 5 to 7 ms for what Node lets it grow to, 17 on a busy
 * machine, in which nobody is answered. With 4 MB a pause is half a millisecond and the work is the same.
 */
export const ENGINE_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4']
