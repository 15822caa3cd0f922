import type { Environment } from '#lib/environments/environment.ts'
import { openSigner } from '#lib/matchmaker/credentials.ts'
import { type QueueTiming, sqsQueue } from './client.ts'

/** A queue of an environment, as whoever reads there. */
export function openQueue(
  environment: Environment,
  queueUrl: string,
  timing?: QueueTiming,
): ReturnType<typeof sqsQueue> {
  const { region } = environment
  const signer = openSigner(environment, 'matchdesk-queues')
  const queue = sqsQueue({ queueUrl, region, ...signer.as('read') }, timing)
  return {
    ...queue,
    close() {
      queue.close()
      signer.close()
    },
  }
}
