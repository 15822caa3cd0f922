import type { Environment } from '#lib/environments/environment.ts'
import { sqsQueue } from './client.ts'

/** A queue of an environment, as whoever reads there. */
export function openQueue(environment: Environment, queueUrl: string): ReturnType<typeof sqsQueue> {
  const { region, kind, credentials } = environment
  return sqsQueue({
    queueUrl,
    region,
    // What stands in for AWS beside our own engine takes any credentials, and must never be shown real ones.
    ...(kind === 'local' ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
    ...(credentials.profile ? { profile: credentials.profile } : {}),
  })
}
