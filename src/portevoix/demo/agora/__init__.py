"""Agora, an invented social network, played by the demo itself: accounts to connect, posts to look at, figures that grow.

`network` is what it does, `grants` who may speak for whom, `keeping` its file; `server` answers over HTTP with `api`
for programs and `sign_in`, `writing` and `pages` for people. `server.serve(port)` is the whole of its use.
"""
