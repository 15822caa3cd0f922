/** AssumeRole and GetCallerIdentity, and which of the keys it gave out are still good. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type Served, serve } from './serve.ts'

export interface AssumedRole {
  roleArn: string
  sessionName: string
  externalId: string | null
  accessKeyId: string
  seconds: number
}

/** Keys as they stand in the `authorization` header of a signed request. */
export interface KnownKeys {
  sessionOf(authorization: string | undefined): string | null
  isExpired(authorization: string | undefined): boolean
}

export interface FakeSts extends Served {
  keys: KnownKeys
  assumed: AssumedRole[]
  /** All keys given out so far are expired; new ones are good. */
  expireKeys(): void
}

/** `externalIds`: by role, what a caller must say; a role that is not named there asks for nothing. */
export async function startFakeSts(given: {
  accountId: string
  externalIds: Record<string, string>
  isDown: () => boolean
}): Promise<FakeSts> {
  const assumed: AssumedRole[] = []
  const expired = new Set<string>()
  const roleOf = (authorization: string | undefined) =>
    assumed.find(({ accessKeyId }) => accessKeyId === accessKeyOf(authorization))
  const served = await serve((request, body) => {
    const form = new URLSearchParams(body.toString())
    const action = form.get('Action')
    if (given.isDown()) return xml(503, 'ErrorResponse', error('ServiceUnavailable', 'STS is down'))
    if (action === 'GetCallerIdentity') {
      const role = roleOf(request.headers.authorization)
      const arn = role ? sessionArn(role) : `arn:aws:iam::${given.accountId}:user/matchdesk`
      const identity = `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${given.accountId}</Account>`
      return xml(200, 'GetCallerIdentityResponse', `<GetCallerIdentityResult>${identity}</GetCallerIdentityResult>`)
    }
    if (action !== 'AssumeRole' && action !== 'AssumeRoleWithWebIdentity') {
      return xml(400, 'ErrorResponse', error('InvalidAction', `There is no action ${action}`))
    }
    const roleArn = form.get('RoleArn') ?? ''
    const externalId = form.get('ExternalId')
    const wanted = given.externalIds[roleArn]
    if (wanted !== undefined && externalId !== wanted) {
      return xml(403, 'ErrorResponse', error('AccessDenied', `Not authorized to perform sts:AssumeRole on ${roleArn}`))
    }
    const seconds = Number(form.get('DurationSeconds') ?? 3_600)
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`
    const role = { roleArn, sessionName: form.get('RoleSessionName') ?? '', externalId, accessKeyId, seconds }
    assumed.push(role)
    const credentials = [
      `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${randomUUID()}</SecretAccessKey>`,
      `<SessionToken>${randomUUID()}</SessionToken>`,
      `<Expiration>${new Date(Date.now() + seconds * 1_000).toISOString()}</Expiration>`,
    ].join('')
    const user = `<AssumedRoleId>AROA:${role.sessionName}</AssumedRoleId><Arn>${sessionArn(role)}</Arn>`
    const result = `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`
    return xml(200, `${action}Response`, `<${action}Result>${result}</${action}Result>`)
  })
  return {
    ...served,
    assumed,
    keys: {
      sessionOf: (authorization) => roleOf(authorization)?.sessionName ?? null,
      isExpired: (authorization) => expired.has(accessKeyOf(authorization)),
    },
    expireKeys() {
      for (const { accessKeyId } of assumed) expired.add(accessKeyId)
    },
  }
}

function accessKeyOf(authorization: string | undefined): string {
  return /Credential=([^/]+)\//.exec(authorization ?? '')?.[1] ?? ''
}

function sessionArn({ roleArn, sessionName }: AssumedRole): string {
  return `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${sessionName}`
}

function error(code: string, message: string): string {
  return `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
}

function xml(status: number, root: string, inside: string) {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`
  const body = `<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${inside}${metadata}</${root}>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
