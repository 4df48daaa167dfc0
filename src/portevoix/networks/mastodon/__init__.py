"""Mastodon, one network made of many servers, some of which run other programs that speak as it does.

Words: a *server* is where an account lives; a *status* is a post there. We register at each server by ourselves, once.

Promises: nothing is sent twice without having looked among the account's own statuses for the share's own link. The key
that Mastodon offers against doubles (`Idempotency-Key`) is sent and never relied on: compatible servers ignore it.
"""
