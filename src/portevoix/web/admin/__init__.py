"""Pages for one audience; see `urls.py`."""
