import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { Environment } from '#lib/environments/environment.ts'
import { type QueueTiming, sqsQueue } from './client.ts'

const SESSION_NAME = 'matchdesk-queues'

/** A queue of an environment, as whoever reads there: the SDK's own chain, or its role for reading. */
export function openQueue(
  environment: Environment,
  queueUrl: string,
  timing?: QueueTiming,
): ReturnType<typeof sqsQueue> {
  const { region, kind } = environment
  const { profile, readRoleArn, externalId } = environment.credentials
  // What stands in for AWS beside our own engine takes any credentials, and must never be shown real ones.
  if (kind === 'local') {
    return sqsQueue({ queueUrl, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }, timing)
  }
  const own = profile ? { profile } : {}
  if (!readRoleArn) return sqsQueue({ queueUrl, region, ...own }, timing)
  const sts = new STSClient({ region, ...own })
  // Asked again by the SDK when they are about to end.
  const queue = sqsQueue({ queueUrl, region, credentials: () => assume(sts, readRoleArn, externalId) }, timing)
  return {
    ...queue,
    close() {
      queue.close()
      sts.destroy()
    },
  }
}

async function assume(sts: STSClient, RoleArn: string, ExternalId: string | undefined) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: SESSION_NAME, ...(ExternalId ? { ExternalId } : {}) }),
  )
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) throw new Error(`STS gave no keys for ${RoleArn}.`)
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken ? { sessionToken: Credentials.SessionToken } : {}),
    ...(Credentials.Expiration ? { expiration: Credentials.Expiration } : {}),
  }
}
