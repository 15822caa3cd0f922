import type { Operation } from '#lib/engine/core/contract.ts'

export type Output = Record<string, unknown>

/** A program that is not ours, calling the engine. Inputs and outputs have the API's names. */
export interface ContractClient {
  /** Rejects with ServiceError when the service refused. Times come back as whatever `new Date` understands. */
  call(operation: Operation | 'ListFleets', input: Output): Promise<Output>
  close(): Promise<void>
}

/** A refusal as the client's own error handling reports it. */
export class ServiceError extends Error {
  constructor(type: string, message: string) {
    super(message)
    this.name = type
  }
}
