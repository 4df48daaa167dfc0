# syntax=docker/dockerfile:1
FROM node:22-slim AS node
FROM python:3.12-slim AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /build
COPY . .
RUN python tools/setup.py && .venv/bin/uv build --wheel --no-build-isolation --out-dir /wheels

FROM python:3.12-slim
# Joins and orders Arabic letters on the cards that networks show.
RUN apt-get update && apt-get install -y --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
COPY locks/app.txt /tmp/locks.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --require-hashes -r /tmp/locks.txt \
    && pip install --no-cache-dir --no-deps /wheels/*.whl \
    && useradd --system --home /srv portevoix && mkdir /srv/var && chown portevoix /srv/var
USER portevoix
ENV PORTEVOIX_VAR=/srv/var PORTEVOIX_BIND=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /srv/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 2)"]
CMD ["sh", "-c", "portevoix manage migrate --noinput && exec portevoix serve"]
