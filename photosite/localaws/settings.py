"""What the recogniser is started with: arguments and environment, read once and refused in one line."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photosite.localaws.sigv4 import Keys


class StartError(Exception):
    """The recogniser cannot start like this; the message is for the person who started it."""


@dataclass(frozen=True)
class Settings:
    """Where it listens, the local identity and, for tests, a control port on 127.0.0.1 and a ledger file."""

    port: int
    keys: Keys
    s3_endpoint: str | None
    host: str = "127.0.0.1"
    control_port: int | None = None
    ledger: Path | None = None


def read_settings(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Settings from the command line and the environment. Raises StartError."""
    options = _parser().parse_args(arguments)
    if options.port == options.control_port:
        raise StartError("--port and --control-port must differ")
    if options.ledger is not None and not options.ledger.resolve().parent.is_dir():
        raise StartError(f"--ledger: there is no folder {options.ledger.resolve().parent}")
    return Settings(
        port=options.port,
        keys=Keys(
            _needed(environ, "AWS_ACCESS_KEY_ID"),
            _needed(environ, "AWS_SECRET_ACCESS_KEY"),
            _needed(environ, "AWS_REGION"),
        ),
        s3_endpoint=_endpoint(environ),
        host=options.host,
        control_port=options.control_port,
        ledger=options.ledger,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """One line in place of argparse's usage text."""
        raise StartError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rekognition",
        description="Answers Amazon Rekognition's DetectLabels, DetectFaces and DetectText with local networks. "
        "Reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL_S3.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address of this machine; by default no other reaches it"
    )
    parser.add_argument("--port", type=_port, required=True, help="port on that address")
    parser.add_argument(
        "--control-port", type=_port, help="port on 127.0.0.1 for fault script and ledger (tests)"
    )
    parser.add_argument("--ledger", type=Path, help="file that gets one JSON line per call (tests)")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise StartError(f"{name} is not set")
    return value


def _endpoint(environ: Mapping[str, str]) -> str | None:
    url = environ.get("AWS_ENDPOINT_URL_S3") or None
    if url is not None and not url.startswith(("http://", "https://")):
        raise StartError(f"AWS_ENDPOINT_URL_S3 must be an http:// or https:// address, not {url!r}")
    return url
