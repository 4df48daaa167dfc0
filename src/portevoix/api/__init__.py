"""The interface for other programs: version 1, JSON in and out, refusals as `application/problem+json`.

Its addresses stand under `/api/v1/`; each view carries one access decorator (`access`), as pages do. Described for those
who call it in `docs/use/conversions.md`.
"""
