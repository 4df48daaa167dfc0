"""What it brought: figures with their formula and their level of evidence.

Evidence is *declared* (the person said so), *measured* (our own links), *confirmed* (the network said so) or *estimated*.
Managers see groups of five or more, never people; smaller groups are merged.
"""
