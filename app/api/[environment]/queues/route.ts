import { guardedRoute } from '#lib/access/guard.ts'
import { openQueue } from '#lib/channels/sqs/open-queue.ts'
import { createQueueStates } from '#lib/channels/sqs/queue-states.ts'

const queueStates = createQueueStates(openQueue)

export const GET = guardedRoute({ action: 'ingest.view' }, ({ environment }) => queueStates(environment))
