import { localAddress, type Settings } from '#lib/settings.ts'

/** Where people open the dashboard. */
export function dashboardAddress(settings: Settings): string {
  return settings.origins[0] ?? localAddress(settings.host, settings.port)
}
