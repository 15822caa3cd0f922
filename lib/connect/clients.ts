/** Clients for trying an environment out before it is saved: each call once, and not for long. */
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { guardedLookup } from '#lib/environments/address-guard.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { openSigner } from '#lib/matchmaker/credentials.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000

export interface ConnectClients {
  /** null for an engine, which asks nobody who they are. */
  identity: { reader: STSClient; writer: STSClient } | null
  reads: GameLiftClient
  writes: GameLiftClient
  sqs: SQSClient
  sns: SNSClient
  close(): void
}

export function openConnectClients(given: Pick<EnvironmentInput, 'region' | 'kind' | 'endpoint' | 'credentials'>) {
  const { region, kind, endpoint } = given
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }
  const common = { region, maxAttempts: 1, requestHandler }
  const signer = openSigner(given, 'matchdesk-connect', common)
  const reader = { ...common, ...signer.as('read') }
  const writer = { ...common, ...signer.as('write') }
  const agent = { lookup: guardedLookup(given) }
  const at =
    endpoint === null ? {} : { endpoint, requestHandler: { ...requestHandler, httpAgent: agent, httpsAgent: agent } }
  const identity = { reader: new STSClient(reader), writer: new STSClient(writer) }
  const clients = {
    identity: kind === 'local' ? null : identity,
    reads: new GameLiftClient({ ...reader, ...at }),
    writes: new GameLiftClient({ ...writer, ...at }),
    // The queue's address is somebody's input: it names the queue, and never where signed requests are sent.
    sqs: new SQSClient({ ...reader, useQueueUrlAsEndpoint: false }),
    sns: new SNSClient(reader),
  }
  return {
    ...clients,
    close() {
      signer.close()
      for (const client of [identity.reader, identity.writer]) client.destroy()
      for (const client of [clients.reads, clients.writes, clients.sqs, clients.sns]) client.destroy()
    },
  } satisfies ConnectClients
}
