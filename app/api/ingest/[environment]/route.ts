import { receiveByWebhook } from '#lib/channels/webhook.ts'

export async function POST(request: Request, context: { params: Promise<{ environment: string }> }): Promise<Response> {
  return receiveByWebhook(request, (await context.params).environment)
}
