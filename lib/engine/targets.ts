/** Where events go. `name` is the identity that the delivery cursor hangs on: the address behind it may change. */
export interface EventTarget {
  name: string
  url: string
  /** Sent as `x-matchdesk-secret`; null sends no such header. */
  secret: string | null
  /** `eventbridge`: JSON arrays of envelopes. `sns`: one unsigned SNS notification per event. */
  type: 'eventbridge' | 'sns'
}
