/**
 * As whom Matchdesk calls AWS in an environment: whoever the SDK's own chain finds, or the profile that is named, or a role
 * that either of them may take. Keys are never stored, and never shown to anything that is not AWS.
 */
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts'
import type { EnvironmentCredentials } from '#lib/environments/environment.ts'

/** Reads and writes can have a role each, so that the one that reads cannot do more. */
export type Access = 'read' | 'write'
/** For the settings of any client of the SDK; empty for its own chain. */
export type Signing = Pick<STSClientConfig, 'profile' | 'credentials'>

export interface Signer {
  as(access: Access): Signing
  /** Whether a role is taken for it: then it is nobody's until it is asked for, and ends by itself. */
  isRole(access: Access): boolean
  close(): void
}

interface SignedEnvironment {
  region: string
  kind: 'local' | 'aws'
  credentials: EnvironmentCredentials
}

/** `sessionName` is what CloudTrail shows. `sts` are more settings for the client that asks for roles. */
export function openSigner(
  { region, kind, credentials: { profile, readRoleArn, writeRoleArn, externalId } }: SignedEnvironment,
  sessionName: string,
  sts: STSClientConfig = {},
): Signer {
  // The SDK's chain hands it on to whatever reads files: without it they would be read once in the life of the process.
  const own = { ...(profile ? { profile } : {}), ignoreCache: true }
  const whoeverRuns = new STSClient({ region, ...sts, ...own })
  const roles = { read: readRoleArn, write: writeRoleArn }
  return {
    as(access) {
      // An engine takes any credentials, and must never be shown real ones.
      if (kind === 'local') return { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      const role = roles[access]
      // A function: the SDK keeps what it returns, and asks again when that is about to end.
      return role ? { credentials: () => assume(whoeverRuns, role, externalId, sessionName) } : own
    },
    isRole: (access) => kind !== 'local' && roles[access] !== undefined,
    close: () => whoeverRuns.destroy(),
  }
}

const ROLE_SECONDS = 900

async function assume(sts: STSClient, RoleArn: string, ExternalId: string | undefined, RoleSessionName: string) {
  const command = new AssumeRoleCommand({
    ...{ RoleArn, RoleSessionName, DurationSeconds: ROLE_SECONDS },
    ...(ExternalId ? { ExternalId } : {}),
  })
  const { Credentials } = await sts.send(command).catch((error: Error) => {
    throw Object.assign(error, { roleArn: RoleArn })
  })
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) throw new Error(`STS gave no keys for ${RoleArn}.`)
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken ? { sessionToken: Credentials.SessionToken } : {}),
    ...(Credentials.Expiration ? { expiration: Credentials.Expiration } : {}),
  }
}
