export { postEventBridge as POST } from '#lib/channels/routes.ts'
