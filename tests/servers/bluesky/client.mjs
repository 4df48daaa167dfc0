// Has Bluesky's own code read what an installation says of itself, and check that it is who it says it is.
// Run with --eval in the servers' folder; reads {id, metadata, jwks, form, issuer} on standard input.

import { readFileSync } from 'node:fs'

const { ClientManager } = await import(
  './node_modules/@atproto/oauth-provider/dist/client/client-manager.js'
)
const DAY = 86_400_000
const asked = JSON.parse(readFileSync(0, 'utf8'))
const understood = {
  grant_types_supported: ['authorization_code', 'refresh_token'],
  response_types_supported: ['code'],
  token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: ['ES256'],
}

const manager = new ClientManager(understood, undefined, {}, null, null, serve, cache(), cache())
const client = await manager.getClient(asked.id)
const proved = await client.authenticate(asked.form, { authorizationServerIdentifier: asked.issuer })
console.log(
  JSON.stringify({
    method: proved.method,
    redirect_uris: client.metadata.redirect_uris,
    idle_days: client.refreshLifetime / DAY,
    days: client.sessionLifetime / DAY,
  }),
)

/** What the installation would answer at its two addresses. */
async function serve(request) {
  const found = { [asked.id]: asked.metadata, [asked.metadata.jwks_uri]: asked.jwks }[request.url]
  return new Response(JSON.stringify(found), { headers: { 'content-type': 'application/json' } })
}

function cache() {
  const kept = new Map()
  return { get: (key) => kept.get(key), set: (key, one) => void kept.set(key, one), del: (key) => void kept.delete(key) }
}
