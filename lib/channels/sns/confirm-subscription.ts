import { ConfirmSubscriptionCommand, SNSClient, type SNSClientConfig, SNSServiceException } from '@aws-sdk/client-sns'
import type { Confirmed } from './confirmation.ts'
import { readTopicArn } from './topic.ts'

/** What SNS says of a token that is made up, used or too old, or of a topic that is gone. The rest may pass. */
const FOR_GOOD = new Set(['InvalidParameter', 'InvalidParameterException', 'NotFound', 'NotFoundException'])
const WITHIN_MS = 2_500

export type SnsCredentials = SNSClientConfig['credentials']

/** Asks SNS of the topic's region to confirm. Afterwards only its owner, signed in, can end the subscription. */
export async function confirmSubscription(
  topicArn: string,
  token: string,
  credentials?: SnsCredentials,
): Promise<Confirmed> {
  const region = readTopicArn(topicArn)?.region ?? ''
  const client = new SNSClient({ region, maxAttempts: 1, ...(credentials ? { credentials } : {}) })
  try {
    const { SubscriptionArn } = await client.send(
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
    client.destroy()
  }
}
