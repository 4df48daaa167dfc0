"""Tracked links: one for every share, and what their clicks say.

Words: a *link* leads from a short code to a stored destination; a *click* is one answer the redirector gave; a *segment*
is a file of raw clicks, as they came; a *visitor* is a keyed hash that tells two people apart for one *period* (a day,
a month or a quarter) and nobody after; a *verdict* says whether a click was a person, a preview or a robot.

Promises: an address is never kept, not even for a moment on disk; raw clicks are judged later and can be judged again, so
a better rule mends the past thirty days; only people are counted as people.

`codes`, `visitors`, `segments` and `changes` are shared with the redirector: no Django, no database, nothing imported
from here. `robots`, `bursts` and `agents` are pure too.
"""
