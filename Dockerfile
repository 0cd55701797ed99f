# The image of the admission webhook, which scans as well: docs/webhook.md tells how to build and pin it.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /source
COPY pyproject.toml README.md ./
COPY policies/ policies/
COPY schemas/ schemas/
COPY checker/ checker/
RUN python3 -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .
RUN python3 -m venv --without-pip /opt/checker \
 && python3 -m pip --python /opt/checker/bin/python3 install --no-cache-dir "$(echo /wheel/*.whl)[webhook]"

FROM ${PYTHON}
COPY --from=build /opt/checker/ /opt/checker/
ENV PATH=/opt/checker/bin:$PATH
WORKDIR /
USER 65532:65532
ENTRYPOINT ["checker"]
CMD ["--help"]
