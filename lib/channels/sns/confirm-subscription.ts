import { ConfirmSubscriptionCommand, SNSServiceException } from '@aws-sdk/client-sns'
import { openConnectClients } from '#lib/connect/clients.ts'
import type { ConfirmSubscription } from './confirmation.ts'
import { readTopicArn } from './topic.ts'

/** What SNS says of a token that is made up, used or too old, or of a topic that is gone. The rest may pass. */
const FOR_GOOD = new Set(['InvalidParameter', 'InvalidParameterException', 'NotFound', 'NotFoundException'])
const WITHIN_MS = 2_500

/**
 * Asks SNS of the topic's region to confirm, as whoever reads in the environment. Afterwards only the topic's owner,
 * signed in, can end the subscription.
 */
export const confirmSubscription: ConfirmSubscription = async (environment, topicArn, token) => {
  const clients = openConnectClients({ ...environment, region: readTopicArn(topicArn)?.region ?? environment.region })
  try {
    const { SubscriptionArn } = await clients.sns.send(
      new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }),
      { abortSignal: AbortSignal.timeout(WITHIN_MS) },
    )
    return { is: 'confirmed', subscriptionArn: SubscriptionArn ?? topicArn }
  } catch (error) {
    if (error instanceof SNSServiceException && FOR_GOOD.has(error.name)) {
      return { is: 'refused', reason: `SNS did not confirm the subscription: ${error.message}` }
    }
    throw error
  } finally {
    clients.close()
  }
}
