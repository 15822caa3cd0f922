/** Tags of configurations, rule sets and queues. */
import { Refusal } from './contract.ts'
import type { State } from './state.ts'

export interface TagInput {
  Key: string
  Value: string
}

/** Checks the tags a resource is to be created with, before anything is created. Throws TaggingFailedException. */
export function checkNewTags(state: State, tags: TagInput[] | undefined): void {
  checkCount(state, new Map((tags ?? []).map(({ Key, Value }) => [Key, Value])))
}

function checkCount(state: State, tags: Map<string, string>): void {
  const { tagsPerResource } = state.options.limits
  if (tags.size > tagsPerResource) {
    throw new Refusal('TaggingFailedException', `A resource can have at most ${tagsPerResource} tags.`)
  }
}

export function setNewTags(state: State, arn: string, tags: TagInput[] | undefined): void {
  if (tags?.length) state.tags.set(arn, new Map(tags.map(({ Key, Value }) => [Key, Value])))
}

export function tagResource(state: State, { ResourceARN, Tags }: { ResourceARN: string; Tags: TagInput[] }) {
  checkExists(state, ResourceARN)
  const tags = new Map(state.tags.get(ResourceARN))
  for (const { Key, Value } of Tags) tags.set(Key, Value)
  checkCount(state, tags)
  if (tags.size > 0) state.tags.set(ResourceARN, tags)
  return {}
}

export function untagResource(state: State, { ResourceARN, TagKeys }: { ResourceARN: string; TagKeys: string[] }) {
  checkExists(state, ResourceARN)
  const tags = state.tags.get(ResourceARN)
  for (const key of TagKeys) tags?.delete(key)
  if (tags?.size === 0) state.tags.delete(ResourceARN)
  return {}
}

export function listTags(state: State, { ResourceARN }: { ResourceARN: string }) {
  checkExists(state, ResourceARN)
  return { Tags: Array.from(state.tags.get(ResourceARN) ?? [], ([Key, Value]) => ({ Key, Value })) }
}

function checkExists(state: State, arn: string): void {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const candidates = [state.configurations.get(name), state.ruleSets.get(name), state.queues.get(name)]
  if (candidates.some((resource) => resource?.arn === arn)) return
  throw new Refusal('NotFoundException', `Resource ${arn} does not exist.`)
}
