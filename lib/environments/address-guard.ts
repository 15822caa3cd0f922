/**
 * Where requests of an environment may go: an endpoint is somebody's input, and this process stands inside a network. What
 * an endpoint says is judged when it is saved and before each request, and the address its name leads to when a
 * connection is made: a name can lead elsewhere a moment later.
 */
import dns from 'node:dns'
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AppError } from '#lib/flexmatch/result.ts'
import { hostAndPort, readSettings } from '#lib/settings.ts'
import { ipv4Inside } from './ipv4-inside.ts'

type Kind = 'aws' | 'local'
type Range = [address: string, bits: number, family: 'ipv4' | 'ipv6']
/** Nobody's GameLift is there: the metadata of machines and containers, and addresses of nothing. */
const NEVER: Range[] = [
  ['169.254.0.0', 16, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['192.0.0.192', 32, 'ipv4'],
  ['0.0.0.0', 8, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::', 32, 'ipv6'],
  ['fd20:ce::', 32, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['::', 128, 'ipv6'],
]
/** This machine and the network around it: not for AWS, and of engines for those that are listed. */
const PRIVATE: Range[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
]
const never = listOf(NEVER)
const inside = listOf(PRIVATE)

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<string[]>
const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)
/** For when it is enough that a name without an address is judged as soon as it has one. */
export const resolveIfThere: Resolve = (host) => resolveByDns(host).catch(() => [])

interface Target {
  kind: Kind
  endpoint: string | null
}

/** Throws REFUSED, with the reason, where requests of this environment must not be sent. */
export async function requireAllowedEndpoint(target: Target, resolve: Resolve = resolveByDns): Promise<void> {
  const host = requireAllowedForm(target)
  if (host === null || isIP(host)) return
  const addresses = await resolve(host).catch((error: Error) => {
    throw new AppError('REFUSED', `${target.endpoint} cannot be used: its name has no address (${error.message}).`)
  })
  for (const address of addresses) requireAllowedAddress(target, address)
}

/** The same as far as the endpoint itself tells. Returns its host, or null without an endpoint. */
export function requireAllowedForm(target: Target): string | null {
  const { kind, endpoint } = target
  if (endpoint === null) return null
  const url = URL.parse(endpoint)
  if (url === null) throw refused(endpoint, 'it is no address')
  if (kind === 'aws' && url.protocol !== 'https:') {
    throw refused(endpoint, 'requests to AWS are signed, and go by https only')
  }
  if (!/^https?:$/.test(url.protocol)) throw refused(endpoint, 'it is neither http nor https')
  if (url.username !== '' || url.password !== '') throw refused(endpoint, 'a name or password in it would be shown')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) requireAllowedAddress(target, host)
  return host
}

/** For the agent of a client: the address that is judged is the one that is connected to. */
export function guardedLookup(target: Target, resolve: LookupFunction = dns.lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, options, (error, found, family) => {
      try {
        const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found]
        if (!error) for (const address of addresses) requireAllowedAddress(target, address)
        callback(error, found, family)
      } catch (refusal) {
        callback(refusal as Error, '')
      }
    })
  }
}

function requireAllowedAddress({ kind, endpoint }: Target, address: string): void {
  for (const each of [address, ipv4Inside(address)]) {
    if (each === null) continue
    if (isIn(never, each)) throw refused(endpoint, `it leads to ${address}, where machines keep their own secrets`)
    if (!isIn(inside, each)) continue
    if (kind === 'aws') {
      throw refused(endpoint, `it leads to ${address}, inside a private network; an engine there is of kind local`)
    }
    const place = hostAndPort(endpoint ?? '')
    if (place === null || !readSettings().localEndpoints.has(place)) {
      throw refused(
        endpoint,
        `it leads to ${address}, inside a private network, and ${place} is not listed in MATCHDESK_LOCAL_ENDPOINTS`,
      )
    }
  }
}

function refused(endpoint: string | null, why: string): AppError {
  return new AppError('REFUSED', `${endpoint} cannot be used: ${why}.`)
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList()
  for (const [address, bits, family] of ranges) list.addSubnet(address, bits, family)
  return list
}

/** BlockList itself sees through an IPv4 address that is mapped into IPv6 (`::ffff:7f00:1`). */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
