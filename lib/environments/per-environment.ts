import type { Environment, Environments } from './environment.ts'

const LOOK_EVERY_MS = 2_000

/**
 * Something that runs for each environment: begun when one appears, ended when it is removed, begun anew when it was
 * edited. `start` must not throw; while the list cannot be read, everything stays as it is.
 */
export function perEnvironment(
  environments: Environments,
  start: (environment: Environment) => { stop(): void | Promise<void> },
  everyMs = LOOK_EVERY_MS,
): { stop(): Promise<void> } {
  const running = new Map<string, { revision: number; stop(): void | Promise<void> }>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()

  async function look() {
    const now = await environments.list().catch(() => null)
    if (now && !stopped) {
      const byName = new Map(now.map((each) => [each.name, each]))
      for (const [name, { revision, stop }] of [...running]) {
        if (byName.get(name)?.revision === revision) continue
        // Ended first: two at once could both hold what only one may.
        await stop()
        running.delete(name)
      }
      for (const [name, environment] of byName) {
        if (running.has(name) || stopped) continue
        const begun = start(environment)
        running.set(name, { revision: environment.revision, stop: () => begun.stop() })
      }
    }
    if (stopped) return
    timer = setTimeout(() => {
      looking = look()
    }, everyMs)
    timer.unref()
  }
  looking = look()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
      await Promise.all([...running.values()].map((each) => each.stop()))
    },
  }
}
