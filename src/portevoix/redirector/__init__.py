"""The redirector: a short link in, an answer out, the click written down before the answer leaves.

Words: an *answer* is what leaves; the *store* knows where links lead, the *desk* asks it without waiting; the *spool* is
where clicks are written, as segments; a *turn* is what all connections said in one turn of the event loop; *departures*
are answers that leave once their clicks are written; a *preview* is the page of a link's card, for those who draw cards;
the *front* is the process that the world connects to, and a *handover* a request that it passes on to the pages behind.

Promises: never Django, so that a click never waits for a page; only stored destinations, only http and https; no
cookie; a new, edited or withdrawn link takes effect with the next request on the machine where it was changed, and within
two seconds on others; with the database away, known links go on; a click that was answered survives the death of the
process, and the loss of power too where the operator asks for it; a full disk costs clicks, which are counted, never
answers; nobody who sends too much, too slowly or nonsense keeps others waiting.

`answer`, `page`, `preview` and `requests` are pure, `memory` too; `store`, `desk` and `spool` touch the world;
`connection`, `turns`, `replies`, `departures`, `handover` and `metrics` make up the `front`. `app` is the same answers as
WSGI, for machines without the front's event loop, and `behind` is what the pages believe the front by.
"""
