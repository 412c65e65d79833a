"""The processes of the site, as data, and the supervisord file that is made of them for one machine."""

import configparser
import dataclasses
import io
import os
import shlex
import sys
from pathlib import Path
from typing import Final

from django.conf import settings

from photosite import valkey
from photosite.localaws import s3

SUPERVISORD_FILE: Final = "supervisord.conf"
_BIN: Final = Path(sys.executable).parent
# A supervisor that is killed can't end its children: the kernel does it then, and at once, since a worker that
# was asked politely would first look for its broker, which is gone too.
TIED: Final = ["setpriv", "--pdeathsig", "SIGKILL"]
ASKING: Final = "labels,faces,celebrities,moderation,text"
"""The queues of the steps that ask Rekognition: gone round, so that no step's words stand before another's."""
# Django's checks would load all pages, which no worker shows; the settings are checked where they are read.
_CELERY: Final = [str(_BIN / "celery"), "-A", "photosite.celery", "--skip-checks"]
_QUIET: Final = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]


@dataclasses.dataclass(frozen=True)
class Program:
    """One process: `part` names its group (the parts stop after the site), `settled`: seconds until it counts as up."""

    name: str
    command: list[str]
    part: str = "site"
    folder: Path = settings.BASE_DIR
    settled: int = 1
    stop_seconds: int = 4
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    node: str = ""
    """What Celery calls a worker, before the @ and the machine's name."""


def programs() -> list[Program]:
    """What `make run` starts: the embedded parts that no address replaces, and the site itself."""
    return [*_embedded(), *_site()]


def _embedded() -> list[Program]:
    data, run = settings.DATA_DIR, settings.RUN
    found = []
    if settings.EMBEDDED_S3:
        folder = data / "s3"
        memory = {"GOMEMLIMIT": "1GiB"}  # docs/decisions/0019-memory-of-the-s3-server.md
        found.append(
            Program("s3", s3.command(folder, run), "parts", folder, stop_seconds=3, environment=memory)
        )
    if settings.EMBEDDED_QUEUE:
        command = valkey.command(data / "queue" / "valkey.conf")
        found.append(Program("queue", command, "parts", stop_seconds=3))
    if settings.EMBEDDED_RECOGNISER:
        command = [
            sys.executable,
            "-m",
            "photosite.localaws.rekognition",
            "--port",
            str(run.ports["recogniser"]),
        ]
        if settings.RECOGNISER_CONTROL_PORT:
            command += ["--control-port", str(settings.RECOGNISER_CONTROL_PORT)]
            command += ["--ledger", str(data / "ledger.jsonl")]
        region = {"AWS_REGION": settings.AWS_REGION}
        found.append(Program("recogniser", command, "parts", stop_seconds=3, environment=region))
    return found


def parts() -> dict[str, Program]:
    """The processes of the site by name, each of which can run on a machine of its own."""
    scheduler = [*_CELERY, "beat", "--pidfile", "", "--loglevel", "INFO"]
    found = [
        Program("web", _gunicorn(), settled=6),
        _worker("worker-images", "images", "images", "--pool", "prefork", "-c", "2"),
        _worker("worker-labels", "labels", ASKING, "--pool", "threads", "-c", "28"),
        _worker("purger", "purger", "purge", "--pool", "solo"),
        Program("scheduler", scheduler),
    ]
    return {program.name: program for program in found}


def _site() -> list[Program]:
    return [*parts().values(), Program("ready", [sys.executable, "manage.py", "ready"])]


def _worker(name: str, node: str, queues: str, *pool: str) -> Program:
    return Program(name, [*_CELERY, "worker", "-Q", queues, "-n", f"{node}@%h", *pool, *_QUIET], node=node)


def _gunicorn() -> list[str]:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return [
        str(_BIN / "gunicorn"),
        "photosite.wsgi",
        *("--config", "python:photosite.web"),
        *("--bind", f"{host}:{settings.PORT}"),
        *("--workers", "2"),
        *("--worker-class", "gthread"),
        *("--threads", "8"),
        *("--timeout", "120"),
        *("--keep-alive", "15"),  # a program that looks every few seconds must not meet a closing connection
        *("--graceful-timeout", "3"),
        *("--worker-tmp-dir", settings.FILE_UPLOAD_TEMP_DIR),
        "--no-control-socket",
        *("--log-level", "warning"),
    ]


def prepare() -> Path:
    """Writes the files that the processes start from; the supervisord file's path."""
    if settings.EMBEDDED_S3:
        s3.prepare(settings.DATA_DIR / "s3", settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY)
    if settings.EMBEDDED_QUEUE:
        valkey.prepare(settings.DATA_DIR / "queue", settings.RUN)
    path: Path = settings.DATA_DIR / SUPERVISORD_FILE
    path.write_text(configuration(programs()))
    return path


def configuration(found: list[Program]) -> str:
    """supervisord's file. Two groups stop one after the other, the processes within each at once."""
    data = settings.DATA_DIR
    config = configparser.RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": _escaped(data / "logs" / "supervisord.log"),
        "logfile_maxbytes": "5MB",
        "logfile_backups": "2",
        "pidfile": _escaped(data / "supervisord.pid"),
        "childlogdir": _escaped(data / "logs"),
    }
    for priority, part in enumerate(("parts", "site"), start=1):
        names = [program.name for program in found if program.part == part]
        if names:
            config[f"group:{part}"] = {"programs": ",".join(names), "priority": str(priority)}
    for program in found:
        config[f"program:{program.name}"] = _section(program)
    out = io.StringIO()
    config.write(out)
    return out.getvalue()


def environment(program: Program) -> dict[str, str]:
    """The whole environment that a program starts with."""
    return {**os.environ, **_own(program)}


def _own(program: Program) -> dict[str, str]:
    """SIGTERM lets Celery finish what it holds; temporary files stay in the data folder."""
    return {"REMAP_SIGTERM": "SIGQUIT", "TMPDIR": settings.FILE_UPLOAD_TEMP_DIR, **program.environment}


def _section(program: Program) -> dict[str, str]:
    once = program.name == "ready"
    log = "/dev/stdout" if once else _escaped(settings.DATA_DIR / "logs" / f"{program.name}.log")
    command = [*TIED, *program.command]
    return {
        "command": " ".join(shlex.quote(word) for word in command).replace("%", "%%"),
        "directory": _escaped(program.folder),
        "environment": ",".join(f'{name}="{_escaped(value)}"' for name, value in _own(program).items()),
        "autorestart": "false" if once else "true",
        "startsecs": "0" if once else str(program.settled),
        "startretries": "1000000",
        "stopwaitsecs": str(program.stop_seconds),
        "stopasgroup": "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": log,
        "stdout_logfile_maxbytes": "0" if once else "10MB",
        "stdout_logfile_backups": "3",
    }


def _escaped(value: Path | str) -> str:
    """supervisord expands % and starts a comment at " ;"."""
    return str(value).replace("%", "%%")
