"""Bluesky, which counts what the eye sees and what the wire carries.

Words: a *handle* is a name that may change, a *DID* the account that never does; its *server* keeps its posts as
*records*, each under a *record key*; an *authority* signs people in, often for many servers; the *AppView* counts likes.

Promises: one share is one record whatever happens on the way, because its key is worked out from the share and never
drawn again. Nothing here is registered at Bluesky: an installation describes itself at an address of its own (`client`).
"""
