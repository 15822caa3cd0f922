/** The one door to SQS: translate and call. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs'
import type { QueueClient } from './queue.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
/** The longest SQS waits; a shorter wait costs more calls and brings nothing sooner. */
const WAIT_SECONDS = 20
/** Long against a slow transaction, short against the wait for what a replica that died had in hand. Extended while we work. */
const VISIBILITY_SECONDS = 30

export interface QueueAddress {
  queueUrl: string
  /** Of the environment; the queue's own address wins where it names one. */
  region: string
  /** Without: the SDK's own chain. */
  credentials?: SQSClientConfig['credentials']
  /** In the shared configuration files of the machine. */
  profile?: string
}

export interface QueueTiming {
  visibilitySeconds?: number
  waitSeconds?: number
}

export function sqsQueue(address: QueueAddress, timing: QueueTiming = {}): QueueClient & { close(): void } {
  const { queueUrl: QueueUrl, region, credentials, profile } = address
  const { visibilitySeconds = VISIBILITY_SECONDS, waitSeconds = WAIT_SECONDS } = timing
  const client = new SQSClient({
    region: regionOfQueue(QueueUrl) ?? region,
    ...(credentials ? { credentials } : {}),
    ...(profile ? { profile } : {}),
    // The queue's address is somebody's input: it names the queue, and never where signed requests are sent.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  })

  return {
    visibilitySeconds,

    async receive(max, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      })
      const { Messages = [] } = await client.send(command, {
        abortSignal: signal,
        requestTimeout: waitSeconds * 1_000 + ANSWER_TIMEOUT_MS,
      })
      const receivedAt = Date.now()
      return Messages.map((message) => ({
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
        receivedAt,
      }))
    },

    async extend(messages, seconds) {
      if (messages.length === 0) return
      const Entries = messages.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }))
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
    },

    async remove(messages) {
      if (messages.length === 0) return []
      const Entries = messages.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }))
      const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
      return Failed.map(({ Id, Code, Message }) => ({
        messageId: messages[Number(Id)]?.messageId ?? '',
        reason: Message ?? Code ?? 'no reason given',
      }))
    },

    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'RedrivePolicy'],
        }),
      )
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        deadLettersUrl: deadLettersUrl(QueueUrl, Attributes.RedrivePolicy),
      }
    },

    close: () => client.destroy(),
  }
}

/** The policy names the other queue by its ARN; its address is that of this queue but for account and name. */
function deadLettersUrl(queueUrl: string, policy: string | undefined): string | null {
  if (!policy) return null
  const { deadLetterTargetArn = '' } = JSON.parse(policy) as { deadLetterTargetArn?: string }
  const [account, name] = deadLetterTargetArn.split(':').slice(4)
  return account && name ? queueUrl.replace(/\/[^/]+\/[^/]+$/, `/${account}/${name}`) : null
}

/** `https://sqs.eu-central-1.amazonaws.com/…` says where its queue is; null where an address does not. */
function regionOfQueue(queueUrl: string): string | null {
  return /^https?:\/\/sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(queueUrl)?.[1] ?? null
}
