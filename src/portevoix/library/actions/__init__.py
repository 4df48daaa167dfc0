"""Everything that changes the library, by subject: starting, writing, captions, pictures, publishing, sources.

Each action is keyword-only, takes `now`, checks, writes, records the trail and publishes events in one transaction. What
is fetched from elsewhere is fetched before the transaction begins, so that no lock waits for somebody else's site.
"""
