// A Bluesky network of one machine: the directory of identities (PLC), a personal data server, and, when a
// PostgreSQL database is given, the AppView that counts likes. Says on one line where they answer, then lives until
// SIGTERM, or until whoever started it is gone.
//
//   BLUESKY_PLC_PORT  BLUESKY_PDS_PORT  BLUESKY_APPVIEW_PORT  BLUESKY_DATABASE  BLUESKY_RATE_LIMITS=1

import net from 'node:net'

const LOOPBACK = '127.0.0.1'
const LONGEST_GOODBYE = 8_000

stayOnLoopback()
const network = await start(process.env)
console.log(
  JSON.stringify({
    ready: true,
    pds: network.pds.url,
    plc: network.plc.url,
    appview: network.bsky?.url ?? null,
  }),
)
process.once('SIGTERM', stop)
// The other end of this pipe closes when the tests die, however they die.
process.stdin.once('end', stop).resume()

/** dev-env listens on every interface and takes no address: every server of this process is held to one. */
function stayOnLoopback() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (where, ...rest) {
    if (typeof where === 'number') {
      const callback = rest.find((one) => typeof one === 'function')
      return listen.call(this, { port: where, host: LOOPBACK }, callback)
    }
    if (where?.port === undefined) throw new Error('a server without a port would be open to others')
    return listen.call(this, { ...where, host: LOOPBACK }, ...rest)
  }
}

async function start(environ) {
  const { TestNetwork, TestNetworkNoAppView } = await import('@atproto/dev-env')
  const parts = {
    plc: { port: Number(environ.BLUESKY_PLC_PORT) },
    pds: {
      port: Number(environ.BLUESKY_PDS_PORT),
      hostname: 'localhost',
      rateLimitsEnabled: environ.BLUESKY_RATE_LIMITS === '1',
    },
  }
  if (!environ.BLUESKY_DATABASE) return TestNetworkNoAppView.create(parts)
  // Asked for at the door and used by nothing behind it: no Redis is needed, and none is touched.
  process.env.REDIS_HOST = `${LOOPBACK}:1`
  return TestNetwork.create({
    ...parts,
    bsky: { port: Number(environ.BLUESKY_APPVIEW_PORT) },
    dbPostgresUrl: environ.BLUESKY_DATABASE,
    dbPostgresSchema: 'tests',
  })
}

async function stop() {
  setTimeout(() => process.exit(1), LONGEST_GOODBYE).unref()
  await network.close().catch((error) => console.error(error))
  process.exit(0)
}
