import type { Topic } from './topic.ts'

/**
 * The address of a signing certificate, or null when it is not exactly one that SNS of the topic's region would name.
 * Compared as text and not as a parsed URL: a parser forgives what this must not. `endpoint` is the origin that was set
 * for SNS in this process, if any; certificates may come from there too.
 */
export function certificateUrl(given: string, topic: Topic, endpoint: string | null = null): URL | null {
  for (const origin of [`https://${topic.host}`, ...(endpoint ? [endpoint] : [])]) {
    const start = `${origin}/SimpleNotificationService-`
    if (given.startsWith(start) && /^[0-9a-f]{8,64}\.pem$/.test(given.slice(start.length))) return new URL(given)
  }
  return null
}

/** The origin in the variables that the AWS SDK reads for SNS; null when there is none. */
export function snsEndpointOf(env: Record<string, string | undefined> = process.env): string | null {
  return URL.parse(env.AWS_ENDPOINT_URL_SNS || env.AWS_ENDPOINT_URL || '')?.origin ?? null
}
