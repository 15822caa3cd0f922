/** The virtual players: always the same people, who keep their skill and their connection. */
import { createRandom, type Random } from './random.ts'

export interface VirtualPlayer {
  playerId: string
  skill: number
  role: string
  maps: string[]
  latencyMs: Record<string, number>
}

const FIRST = words(
  'ada ana bea bo cleo dan dora eli emil finn gus hana ida ivo jan jo kai kim lea leo lia lin mads maya mia nia noa ola pia raj rio rosa sam sara sofi tess tim uma vera yuki zoe',
)
const SECOND = words(
  'ash bear birch cloud crow dawn drift ember fern fox frost hawk heron holly jade lark lynx maple mist moon moss oak otter owl pike pine quartz raven reed river sage sky sparrow storm thorn wolf',
)
const ROLES = words('tank healer scout striker')
const MAPS = words('harbor canyon glacier temple')
const FAR_AWAY_SHARE = 0.04

/** `count` players near the region of the engine or one of two others; a few are far from all of them. */
export function createRoster(seed: string, region: string, count = 240): VirtualPlayer[] {
  const random = createRandom(`${seed} roster`)
  const regions: [string, ...string[]] = [
    region,
    ...['us-west-2', 'eu-central-1', 'ap-southeast-1'].filter((other) => other !== region).slice(0, 2),
  ]
  const names = new Set<string>()
  while (names.size < count) names.add(`${random.pick(FIRST)}-${random.pick(SECOND)}`)
  return [...names].map((playerId) => ({
    playerId,
    skill: Math.round(Math.min(2600, Math.max(400, 1500 + 260 * random.normal()))),
    role: random.pick(ROLES),
    maps: MAPS.filter(() => random.chance(0.6))
      .concat(random.pick(MAPS))
      .filter(isFirst),
    latencyMs: latencies(random, regions),
  }))
}

function latencies(random: Random, regions: [string, ...string[]]): Record<string, number> {
  const home = random.chance(0.7) ? regions[0] : random.pick(regions)
  const extra = random.chance(FAR_AWAY_SHARE) ? 260 : 0
  return Object.fromEntries(
    regions.map((region) => [
      region,
      Math.round(extra + (region === home ? random.between(12, 60) : random.between(85, 190))),
    ]),
  )
}

function words(text: string): [string, ...string[]] {
  return text.split(' ') as [string, ...string[]]
}

function isFirst<T>(value: T, index: number, list: T[]): boolean {
  return list.indexOf(value) === index
}
