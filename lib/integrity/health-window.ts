/** Of a health page's address: anything else is the last hour. */
export type HealthWindow = '1h' | '24h'

const HOURS: Record<HealthWindow, number> = { '1h': 1, '24h': 24 }

export function readHealthWindow(given: unknown): HealthWindow {
  return given === '24h' ? '24h' : '1h'
}

/** `now` is epoch ms. */
export function sinceOf(window: HealthWindow, now: number): Date {
  return new Date(now - HOURS[window] * 3_600_000)
}
