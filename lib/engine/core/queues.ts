/** Game session queues: enough of them for a configuration to name one and for placement to follow it. */
import { findByNameOrArn, resourceArn } from './arns.ts'
import { Refusal } from './contract.ts'
import { pageOf } from './pages.ts'
import type { QueueState, State } from './state.ts'
import { checkNewTags, setNewTags, type TagInput } from './tags.ts'
import type { Turn } from './turn.ts'

const DEFAULT_TIMEOUT_SECONDS = 600
const MOST_DESTINATIONS = 10
const MOST_PER_PAGE = 50

interface CreateQueueInput {
  Name: string
  TimeoutInSeconds?: number
  PlayerLatencyPolicies?: { MaximumIndividualPlayerLatencyMilliseconds?: number; PolicyDurationSeconds?: number }[]
  Destinations?: { DestinationArn?: string }[]
  FilterConfiguration?: { AllowedLocations?: string[] }
  PriorityConfiguration?: { PriorityOrder?: string[]; LocationOrder?: string[] }
  CustomEventData?: string
  NotificationTarget?: string
  Tags?: TagInput[]
}

export function createQueue(turn: Turn, input: CreateQueueInput) {
  const { state } = turn
  const { Name: name } = input
  if (!name) throw new Refusal('InvalidRequestException', 'Name must not be empty.')
  if (state.queues.has(name)) throw new Refusal('InvalidRequestException', `Game session queue ${name} already exists.`)
  const destinations = input.Destinations ?? []
  if (destinations.length > MOST_DESTINATIONS) {
    throw new Refusal('LimitExceededException', `A queue can have at most ${MOST_DESTINATIONS} destinations.`)
  }
  const destinationArns = destinations.map(({ DestinationArn }) => {
    if (!/^arn:.*:gamelift:.*(fleet|alias)\/[^/]+$/.test(DestinationArn ?? '')) {
      throw new Refusal(
        'InvalidRequestException',
        `Destination ${DestinationArn ?? ''} is not the ARN of a fleet or an alias.`,
      )
    }
    return DestinationArn!
  })
  if (state.queues.size >= state.options.limits.queues) {
    throw new Refusal(
      'LimitExceededException',
      `There can be at most ${state.options.limits.queues} game session queues.`,
    )
  }
  checkNewTags(state, input.Tags)
  const queue: QueueState = {
    name,
    arn: resourceArn(state.options, 'gamesessionqueue', name),
    timeoutSeconds: input.TimeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    destinationArns,
    latencyPolicies:
      input.PlayerLatencyPolicies?.map((policy) => ({
        maximumLatencyMs: policy.MaximumIndividualPlayerLatencyMilliseconds ?? null,
        durationSeconds: policy.PolicyDurationSeconds ?? null,
      })) ?? null,
    allowedLocations: copied(input.FilterConfiguration?.AllowedLocations),
    priorityOrder: copied(input.PriorityConfiguration?.PriorityOrder),
    locationOrder: copied(input.PriorityConfiguration?.LocationOrder),
    customEventData: input.CustomEventData ?? null,
    notificationTarget: input.NotificationTarget ?? null,
  }
  state.queues.set(name, queue)
  setNewTags(state, queue.arn, input.Tags)
  return { GameSessionQueue: queueView(queue) }
}

function copied(list: string[] | undefined): string[] | null {
  return list ? [...list] : null
}

/** Unknown names are left out. */
export function describeQueues(state: State, input: { Names?: string[]; Limit?: number; NextToken?: string }) {
  const named = input.Names?.length ? input.Names : null
  const all = named
    ? [...new Set(named.flatMap((name) => findByNameOrArn(state.queues, name) ?? []))]
    : [...state.queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, nextToken } = pageOf(all, (queue, index) => (named ? index : queue.name), {
    operation: 'DescribeGameSessionQueues',
    limit: Math.min(input.Limit ?? MOST_PER_PAGE, MOST_PER_PAGE),
    nextToken: input.NextToken,
  })
  return { GameSessionQueues: items.map(queueView), ...(nextToken && { NextToken: nextToken }) }
}

function queueView(queue: QueueState): Record<string, unknown> {
  const { latencyPolicies, allowedLocations, priorityOrder, locationOrder } = queue
  return {
    Name: queue.name,
    GameSessionQueueArn: queue.arn,
    TimeoutInSeconds: queue.timeoutSeconds,
    ...(latencyPolicies && {
      PlayerLatencyPolicies: latencyPolicies.map(({ maximumLatencyMs, durationSeconds }) => ({
        ...(maximumLatencyMs !== null && { MaximumIndividualPlayerLatencyMilliseconds: maximumLatencyMs }),
        ...(durationSeconds !== null && { PolicyDurationSeconds: durationSeconds }),
      })),
    }),
    Destinations: queue.destinationArns.map((DestinationArn) => ({ DestinationArn })),
    ...(allowedLocations && { FilterConfiguration: { AllowedLocations: [...allowedLocations] } }),
    ...((priorityOrder || locationOrder) && {
      PriorityConfiguration: {
        ...(priorityOrder && { PriorityOrder: [...priorityOrder] }),
        ...(locationOrder && { LocationOrder: [...locationOrder] }),
      },
    }),
    ...(queue.customEventData !== null && { CustomEventData: queue.customEventData }),
    ...(queue.notificationTarget !== null && { NotificationTarget: queue.notificationTarget }),
  }
}
