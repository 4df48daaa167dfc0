"""A person's shares: their own text, on their own account, with their own tracked link.

Assisted sharing: the network's window opens with the text ready, or the text is copied; nothing is posted without the
person's own act on that text. A share is *declared* until a network confirms it, and can be taken back.
"""
