/** Loaded into each process the start command starts: it ends when the start command is gone, however that went. */
const GRACE_MS = 5_000

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), GRACE_MS).unref()
  })
  process.channel.unref() // listening alone would keep the process up after its work is done
}
