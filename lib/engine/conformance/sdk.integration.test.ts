import { gameLiftContract } from './contract.ts'
import { sdkClient } from './sdk-client.ts'

gameLiftContract('the JavaScript SDK on JSON 1.1', (endpoint) => sdkClient(endpoint, 'json'))
gameLiftContract('the JavaScript SDK on RPC v2 CBOR', (endpoint) => sdkClient(endpoint, 'cbor'))
