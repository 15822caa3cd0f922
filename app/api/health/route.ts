import { healthOf } from '#lib/health.ts'

export async function GET(): Promise<Response> {
  return healthOf()
}
