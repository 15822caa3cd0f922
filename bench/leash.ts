/**
 * Loaded into every child process before its own program (`--import`): kills it as soon as the bench is gone, however hard
 * that was killed, and however busy the child is. A thread of its own watches, asleep but for a moment of each second.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const LOOK_EVERY_MS = 1_000

if (isMainThread) {
  // Without the options of this process: they would load this file again.
  const watcher = new Worker(new URL(import.meta.url), { execArgv: [], workerData: Number(process.env.BENCH_PID) })
  watcher.unref()
} else {
  const never = new Int32Array(new SharedArrayBuffer(4))
  while (process.ppid === workerData) Atomics.wait(never, 0, 0, LOOK_EVERY_MS)
  process.kill(process.pid, 'SIGKILL')
}
