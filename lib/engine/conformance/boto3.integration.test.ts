import { it } from 'vitest'
import { boto3Client, findBoto3 } from './boto3-client.ts'
import { gameLiftContract } from './contract.ts'

const python = findBoto3()
if (python) gameLiftContract('boto3', (endpoint) => boto3Client(python, endpoint))
else it('boto3', (context) => context.skip('boto3 is not installed for any Python that was found'))
