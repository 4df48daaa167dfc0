"""The demo company: who works there, what it says, where its news come from, eight weeks of its life.

Everything here is invented. Content is data (`company`, `line`, `sources`, `stories`, `texts/`); `newsroom`
serves the articles over HTTP so that they are fetched as any other page; `traffic` tells, from a seed, who
shares and who clicks. Nothing in this package writes a figure: what it tells is replayed through the actions
that people use.
"""
