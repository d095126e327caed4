# The portal as one image for its three processes (web, worker, beat). Runs as an ordinary user on a read-only file
# system; all that changes lies in /data.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-deps --requirement /tmp/requirements.txt
WORKDIR /portal
COPY . .
RUN PRODUCTION=1 SECRET_KEY=build SENSITIVE_KEY=build DATA_DIR=/tmp/data STATIC_ROOT=/portal/staticfiles \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q /portal /opt/venv/lib

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="KMOP Resilience Portal" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /data --no-create-home portal \
    && install --directory --owner portal --group portal --mode 0750 /data /run/portal-secrets \
    && install --directory --owner portal --group portal --mode 0755 /run/portal-passwords
COPY --from=build /opt/venv /opt/venv
COPY --from=build /portal /portal
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=1 DATA_DIR=/data STATIC_ROOT=/portal/staticfiles PORT=8000
WORKDIR /portal
USER 10001
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 CMD ["python", "deploy/healthy.py", "web"]
CMD ["gunicorn", "kmop.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", \
     "--preload", "--no-control-socket", "--worker-tmp-dir=/dev/shm"]
