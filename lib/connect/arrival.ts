/** What a page shows that waits for the first event. Types only, so that browser code may import this file. */
import type { Channel } from '#lib/environments/environment.ts'
import type { OutageView } from '#lib/tickets/views.ts'

export interface ArrivalView {
  outage: OutageView | null
  /** How many secrets the senders of these channels could know. */
  secrets: { webhook: number; eventbridge: number }
  subscriptions: { topicArn: string; waitsUntil: string | null; confirmed: boolean; problem: string | null }[]
  channels: { channel: Channel; received: number; refused: number; firstAt: string }[]
  /** Messages that could not be taken, with the reason of the newest. */
  setAside: { waiting: number; reason: string | null }
  newestTicketId: string | null
}
