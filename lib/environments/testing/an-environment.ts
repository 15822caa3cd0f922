import type { Environment } from '#lib/environments/environment.ts'
import { builtInEnvironment } from '#lib/environments/registry.ts'

/** The local engine where nothing listens, but for what is given. */
export function anEnvironment(given: Partial<Environment> = {}): Environment {
  const local = builtInEnvironment({ host: '127.0.0.1', enginePort: 1, region: 'us-east-1', accountId: '000000000000' })
  return { ...local, ...given }
}
