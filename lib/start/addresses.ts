import type { Settings } from '#lib/settings.ts'

/** Where this machine reaches what listens on `host`; a wildcard is reached through loopback. */
export function localAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/** Where people open the dashboard. */
export function dashboardAddress(settings: Settings): string {
  return settings.origins[0] ?? localAddress(settings.host, settings.port)
}
