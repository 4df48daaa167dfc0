"""What the company stands for: the pillars of its editorial line, its disclosure line, the phrases it avoids.

Promises: the disclosure line exists in every language the organisation speaks; a phrase is refused with its reason and,
where there is one, a better wording.
"""
