/** Ways to write an IPv4 address as one of IPv6 that some network on the way turns back. */
import { isIP } from 'node:net'

/** The first 96 bits, of mapped, compatible and translated addresses (RFC 4291, 2765 and 6052). */
const BEFORE_IPV4 = new Set(['0:0:0:0:0:0', '0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'])
const OF_6TO4 = '2002'

/** null for an address that has none inside, and for IPv4. */
export function ipv4Inside(address: string): string | null {
  if (isIP(address) !== 6) return null
  const groups = groupsOf(address)
  if (groups[0] === OF_6TO4) return ipv4(groups.slice(1, 3))
  if (groups.slice(0, 7).every((group) => group === '0')) return null // of IPv6 itself, such as ::1
  if (!BEFORE_IPV4.has(groups.slice(0, 6).join(':'))) return null
  return ipv4(groups.slice(6))
}

/** The eight groups, each as short as can be. */
function groupsOf(address: string): string[] {
  const [plain = ''] = address.split('%') // an interface may follow
  const { hostname } = new URL(`http://[${plain}]`)
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')))
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

function ipv4(groups: readonly string[]): string {
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.')
}
