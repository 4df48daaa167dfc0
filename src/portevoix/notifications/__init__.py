"""What we tell people, where, and when they allow it.

A *notice* is one thing a person should know, told once, by mail, never in their evenings, nights and days off. Several
that wait are told in one letter, six at most. The rooms above say what there is to tell; this one says when.
"""
