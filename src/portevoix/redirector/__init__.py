"""The redirector: a short link in, an answer out, the click written down before the answer leaves.

Words: an *answer* is what leaves; the *store* knows where links lead; the *spool* is where clicks are written, as
segments.

Promises: never Django, so that a click never waits for a page; only stored destinations, only http and https; no
cookie; an edited or withdrawn link takes effect within one second; with the database away, known links go on; a click
that was answered survives the death of the process, and a loss of power costs at most the last second; a full disk
costs clicks, which are counted, never answers.

`answer` and `page` are pure, `origin` says whose address it is, `store` and `spool` touch the world, `app` joins them
as WSGI. Another server (an event loop, say) needs to replace `app` only.
"""
