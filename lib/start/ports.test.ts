import net from 'node:net'
import { expect, it } from 'vitest'
import { portOwner, requireFreePort } from './ports.ts'

it('says which port is taken, by whom, and which variable moves ours', async () => {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await expect(requireFreePort('127.0.0.1', port, 'ENGINE_PORT')).rejects.toThrow(
    new RegExp(`^Port ${port} is in use.*set ENGINE_PORT to another port`),
  )
  if (process.platform === 'linux') expect(portOwner(port)?.pid).toBe(process.pid)
  server.close()
  await expect(requireFreePort('127.0.0.1', port, 'ENGINE_PORT')).resolves.toBeUndefined()
})

it('names the host variable when the address is not ours', async () => {
  await expect(requireFreePort('203.0.113.1', 20_000, 'PORT')).rejects.toThrow(/MATCHDESK_HOST/)
})
