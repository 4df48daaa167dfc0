"""What each person sees to share, in which order, and why.

The order is a pure function (`ranking`); every card can say in words why it is there, from what the person declared.
"""
