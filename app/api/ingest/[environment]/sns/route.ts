export { postSns as POST } from '#lib/channels/routes.ts'
