import {
  Activity,
  BookCheck,
  Boxes,
  Gauge,
  Inbox,
  ListChecks,
  type LucideIcon,
  ScrollText,
  Server,
  SlidersHorizontal,
  Tickets,
} from 'lucide-react'

export interface DeskPage {
  name: string
  /** Below the environment's own address. */
  path: string
  icon: LucideIcon
  /** After `g`. */
  key: string
  /** Of all environments: `path` is the whole address. */
  everywhere?: true
}

export function addressOfPage(
  { path, everywhere }: Pick<DeskPage, 'path' | 'everywhere'>,
  environment: string,
): string {
  return everywhere ? path : `/${encodeURIComponent(environment)}${path}`
}

export const PAGES: readonly DeskPage[] = [
  { name: 'Overview', path: '', icon: Gauge, key: 'o' },
  { name: 'Tickets', path: '/tickets', icon: Tickets, key: 't' },
  { name: 'Bulk runs', path: '/bulk', icon: ListChecks, key: 'b' },
  { name: 'Matches', path: '/matches', icon: Boxes, key: 'm' },
  { name: 'Sessions', path: '/sessions', icon: Server, key: 's' },
  { name: 'Rule sets', path: '/rule-sets', icon: ScrollText, key: 'r' },
  { name: 'Configurations', path: '/configurations', icon: SlidersHorizontal, key: 'c' },
  { name: 'Health', path: '/health', icon: Activity, key: 'h' },
  { name: 'Set aside', path: '/set-aside', icon: Inbox, key: 'a' },
  { name: 'Audit', path: '/audit', icon: BookCheck, key: 'u', everywhere: true },
]
