import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { type ContractClient, type Output, ServiceError } from './client.ts'

/** A Python that has boto3, looked for where it usually is; null when none has it. */
export function findBoto3(): string | null {
  const candidates = ['/usr/bin/python3', 'python3', 'python', '/usr/local/bin/python3', '/opt/homebrew/bin/python3']
  return candidates.find((python) => spawnSync(python, ['-c', 'import boto3']).status === 0) ?? null
}

/** One Python process for all calls: importing boto3 takes longer than every call together. */
export function boto3Client(python: string, endpoint: string): ContractClient {
  const script = path.resolve('lib/engine/conformance/boto3-client.py')
  const child = spawn(python, [script, endpoint], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let previous: Promise<unknown> = Promise.resolve()

  async function ask(operation: string, input: Output): Promise<Output> {
    child.stdin.write(`${JSON.stringify({ operation, input })}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('Python ended.')
    const answer = JSON.parse(value) as { output: Output; error?: { type: string; message: string } }
    if (answer.error) throw new ServiceError(answer.error.type, answer.error.message)
    return answer.output
  }
  return {
    call(operation, input) {
      const answer = previous.then(() => ask(operation, input))
      previous = answer.catch(() => {})
      return answer
    },
    async close() {
      child.stdin.end()
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}
