import { GameLift, GameLiftServiceException, type ServiceOutputTypes } from '@aws-sdk/client-gamelift'
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols'
import { type ContractClient, type Output, ServiceError } from './client.ts'

type Call = (input: Output) => Promise<ServiceOutputTypes>

/** The JavaScript SDK, with the protocol it chooses (JSON 1.1) or forced to RPC v2 CBOR. */
export function sdkClient(endpoint: string, protocol: 'json' | 'cbor' = 'json'): ContractClient {
  const client = new GameLift({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...(protocol === 'cbor' ? { protocol: AwsSmithyRpcV2CborProtocol } : {}),
  })
  const contentType = protocol === 'cbor' ? 'application/cbor' : 'application/x-amz-json-1.1'
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { headers: Record<string, string> }
      if (headers['content-type'] !== contentType) throw new Error(`Answered in ${headers['content-type']}.`)
      return result
    },
    { step: 'deserialize', priority: 'low' },
  )
  const calls = client as unknown as Record<string, Call>
  return {
    async call(operation, input) {
      const method = operation.charAt(0).toLowerCase() + operation.slice(1)
      try {
        const answer = await calls[method]?.call(client, input)
        if (!answer?.$metadata.requestId) throw new Error('The answer carries no request id.')
        const { $metadata, ...output } = answer
        return output as Output
      } catch (error) {
        if (error instanceof GameLiftServiceException) throw new ServiceError(error.name, error.message)
        throw error
      }
    },
    async close() {
      client.destroy()
    },
  }
}
