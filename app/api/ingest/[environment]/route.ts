import { receiveEvents } from '#lib/tickets/receive-events.ts'

export async function POST(request: Request, context: { params: Promise<{ environment: string }> }): Promise<Response> {
  return receiveEvents(request, (await context.params).environment)
}
