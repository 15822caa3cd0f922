/** Where requests of an environment may go: an endpoint is somebody's input, and this process stands inside a network. */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { AppError } from '#lib/flexmatch/result.ts'

type Range = [address: string, bits: number, family: 'ipv4' | 'ipv6']
/** Nobody's GameLift is there: the metadata of machines and containers, and addresses of nothing. */
const NEVER: Range[] = [
  ['169.254.0.0', 16, 'ipv4'],
  ['0.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::', 32, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['::', 128, 'ipv6'],
]
/** This machine and the network around it: for engines, not for AWS. */
const PRIVATE: Range[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
]
const never = listOf(NEVER)
const inside = listOf(PRIVATE)

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<string[]>
const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/** Throws REFUSED, with the reason, where requests of this environment must not be sent. */
export async function requireAllowedEndpoint(
  { kind, endpoint }: { kind: 'aws' | 'local'; endpoint: string | null },
  resolve: Resolve = resolveByDns,
): Promise<void> {
  if (endpoint === null) return
  const { hostname, protocol } = new URL(endpoint)
  if (kind === 'aws' && protocol !== 'https:')
    throw refused(endpoint, 'requests to AWS are signed, and go by https only')
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host)
    ? [host]
    : await resolve(host).catch((error: Error) => {
        throw new AppError('REFUSED', `${endpoint} cannot be used: its name has no address (${error.message}).`)
      })
  for (const address of addresses) {
    if (isIn(never, address)) throw refused(endpoint, `it leads to ${address}, where machines keep their own secrets`)
    if (kind === 'aws' && isIn(inside, address)) {
      throw refused(endpoint, `it leads to ${address}, inside a private network; an engine there is of kind local`)
    }
  }
}

function refused(endpoint: string, why: string): AppError {
  return new AppError('REFUSED', `${endpoint} cannot be used: ${why}.`)
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList()
  for (const [address, bits, family] of ranges) list.addSubnet(address, bits, family)
  return list
}

/** An IPv4 address may be written as one of IPv6 (`::ffff:7f00:1`); BlockList sees through that. */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
