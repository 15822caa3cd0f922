/** Clients for trying an environment out before it is saved: each call once, and not for long. */
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'

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
  const { region, kind, endpoint, credentials } = given
  const { profile, readRoleArn, writeRoleArn, externalId } = credentials
  const common = {
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(profile ? { profile } : {}),
  }
  const whoeverRuns = new STSClient(common)
  const as = (roleArn: string | undefined) => {
    // Nothing beside an engine asks, and it must never be shown real keys.
    if (kind === 'local') return { ...common, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
    if (roleArn === undefined) return common
    return { ...common, credentials: () => assume(whoeverRuns, roleArn, externalId) }
  }
  const reader = as(readRoleArn)
  const writer = as(writeRoleArn)
  const at = endpoint === null ? {} : { endpoint }
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
      for (const client of [whoeverRuns, identity.reader, identity.writer]) client.destroy()
      for (const client of [clients.reads, clients.writes, clients.sqs, clients.sns]) client.destroy()
    },
  } satisfies ConnectClients
}

async function assume(sts: STSClient, RoleArn: string, ExternalId: string | undefined) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: 'matchdesk-connect',
      DurationSeconds: 900,
      ...(ExternalId ? { ExternalId } : {}),
    }),
  )
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) throw new Error('STS gave no keys.')
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken ? { sessionToken: Credentials.SessionToken } : {}),
    ...(Credentials.Expiration ? { expiration: Credentials.Expiration } : {}),
  }
}
