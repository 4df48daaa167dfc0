"""A small invented newsroom, served by the demo itself so that it works offline.

Three sites: a company's own news, a trade letter, a regional paper in Arabic and French. Articles are text
files, pictures are drawn here, and the pages describe themselves as real ones do: most with OpenGraph, some with
JSON-LD or a Twitter card alone, some with nothing but a title. `server.serve(port)` is the whole of its use.
"""
