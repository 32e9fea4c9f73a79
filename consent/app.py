"""The app factory: the one place that knows every part."""

import os
import signal
from datetime import timedelta
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from threading import Thread
from time import sleep
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from consent.services.configuration import COOKIE_DAYS
from consent.services.ownreports import OwnReports
from consent.services.runtime import Runtime
from consent.services.scripts import DIST
from consent.services.worker import Worker
from consent.settings import ASSETS, Settings
from consent.web import (
    api,
    compression,
    current,
    documents,
    errors,
    forms,
    gateways,
    headers,
    htmx,
    ledger,
    links,
    locale,
    policies,
    preferences,
    receipts,
    records,
    replay,
    themes,
)
from consent.web.banner import Banner
from consent.web.front import Front
from consent.web.lane import Lane
from consent.web.limits import Limits
from consent.web.openapi import pages


def create_app(settings: Settings) -> Flask:
    """Return the service as a WSGI app, its background threads running.

    Raises BadSetting or Unavailable if it cannot start.
    """
    return _service(settings)[0]


def create_from_environ() -> Flask:
    """Return the service as the environment sets it, for servers of WSGI."""
    return create_app(Settings.from_environ(os.environ))


def front_from_environ() -> Front:
    """Return the service as the environment sets it, for servers of ASGI.

    A server's worker ends with the process that started it: nobody else would stop it,
    and while it holds the port no other could start.
    """
    if parent := parent_process():
        Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()
    return _service(Settings.from_environ(os.environ))[1]


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    while True:
        # While it starts, a worker does not hear it yet.
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(1)


def _service(settings: Settings) -> tuple[Flask, Front]:
    settings.require_secrets()
    runtime = Runtime.open(settings)
    app = _flask(settings)
    current.attach(app, runtime)
    limits = Limits(settings)
    # Before the forms: who asks too often is not asked to confirm as well.
    limits.init_app(app)
    for part in (compression, errors, forms, headers, htmx, locale):
        part.init_app(app)
    for module in (
        api,
        documents,
        gateways,
        ledger,
        links,
        pages,
        policies,
        preferences,
        receipts,
        records,
        replay,
        themes,
    ):
        app.register_blueprint(module.bp)
    lane = Lane(app.wsgi_app, runtime, Banner(runtime), limits)
    app.wsgi_app = _proxied(settings, lane)  # type: ignore[method-assign]
    environ_of = _proxied(settings, lambda environ, _: environ)
    front = Front(
        app.wsgi_app, lane, runtime, limits, lambda environ: environ_of(environ, None)
    )
    runtime.start()
    Worker(runtime, only_watches=not settings.worker).start()
    OwnReports(runtime).start()
    # The server's workers are processes that end without what `atexit` would do.
    Finalize(None, runtime.close, exitpriority=0)
    return app, front


def _proxied(settings: Settings, app: Any) -> Any:
    """Return an app that believes what as many proxies say as are set."""
    count = settings.proxies
    if not count:
        return app
    return ProxyFix(app, x_for=count, x_proto=count, x_host=count, x_prefix=count)


def _flask(settings: Settings) -> Flask:
    app = Flask(
        __name__,
        static_folder=DIST,
        static_url_path="/static",
        template_folder=ASSETS / "templates",
    )
    *older, newest = settings.secret_keys
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="__Host-consent" if settings.https else "consent_session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=COOKIE_DAYS),
        MAX_CONTENT_LENGTH=65_536,
        SEND_FILE_MAX_AGE_DEFAULT=300,
    )
    return app
