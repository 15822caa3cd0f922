import { signIn } from '#lib/access/sign-in.ts'
import { getRuntime } from '#lib/runtime.ts'

export async function GET(request: Request): Promise<Response> {
  return signIn((await getRuntime()).access, request)
}
