"""Networks: where a person speaks, and how each place wants to be spoken to.

Words: a *network* is a place (LinkedIn, X, e-mail); a *draft* is what a person is about to say there;
its *window* is the network's own page, opened with the draft already written; a *composer* knows the
address of that window, counts as the network counts, and names what stands in the way.

Promises: pure functions of the draft, no key, no request, no database, no Django. Nothing here posts:
the person does, in the network's own window. The networks do not know one another; `registry` knows
them all, and is the door for everybody else.
"""
