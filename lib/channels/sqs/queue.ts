/** A queue of events as the poller sees it. */

export interface QueueMessage {
  messageId: string
  /** Names this one receipt of it; a later receipt has another. */
  receiptHandle: string
  body: string
  /** How often it was handed out, this time included. */
  receiveCount: number
  /** Epoch ms. */
  receivedAt: number
}

export interface RemoveFailure {
  messageId: string
  reason: string
}

export interface QueueDepth {
  /** Waiting to be received; SQS counts only nearly. */
  visible: number
  /** Received by somebody and not yet deleted. */
  inFlight: number
  /** Where the queue itself puts what is received too often; null when it does not. */
  deadLettersUrl: string | null
}

/** Lists of messages hold at most ten: what one receive hands out, and what SQS takes in one call. */
export interface QueueClient {
  /** For how long a received message is hidden from everybody else, unless extended. */
  readonly visibilitySeconds: number
  /** Waits until there is something, but not for ever; empty then. */
  receive(max: number, signal: AbortSignal): Promise<QueueMessage[]>
  /** Hides messages for `seconds` from now; 0 hands them back. What is not ours any more is passed over. */
  extend(messages: readonly QueueMessage[], seconds: number): Promise<void>
  /** Resolves with those that were not deleted: they come again. */
  remove(messages: readonly QueueMessage[]): Promise<RemoveFailure[]>
  depth(): Promise<QueueDepth>
}
