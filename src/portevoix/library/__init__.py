"""Stories: what people may share. They come from a link, a feed, a suggestion or nothing; they end published or not.

A *story* carries its captions (one language each, one or all networks), pictures, a pillar, an audience and an expiry.
A *source* is a feed that is polled; a *suggestion* is a link an ambassador offers. The same link never makes two stories.
"""
