"""Keeps a person's own AWS set-up out of the embedded site, and the embedded site out of it.

Without PHOTOSITE_AWS=1 every AWS_* variable that could lead the SDK to an account is dropped, the shared
files are pointed at nothing and the instance metadata service is switched off; what remains are the local
keys and the two endpoints. An endpoint set by hand replaces the embedded part, and then keys that were set
by hand beside it are kept, since another server would not know ours.
"""

import os
from collections.abc import Mapping, MutableMapping

from photosite.runfile import RunFile

ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_REKOGNITION")
_OURS = (*ENDPOINTS, "AWS_STORAGE_BUCKET_NAME", "AWS_REGION")
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def seal(environ: MutableMapping[str, str], run: RunFile) -> None:
    """Makes `environ` speak to the embedded servers only. Running it twice changes nothing more."""
    kept = _kept(environ)
    for name in [name for name in environ if name.startswith(("AWS_", "BOTO_"))]:
        del environ[name]
    environ.update(
        {
            "AWS_ENDPOINT_URL_S3": run.s3_url,
            "AWS_ENDPOINT_URL_REKOGNITION": run.recogniser_url,
            "AWS_ACCESS_KEY_ID": run.access_key,
            "AWS_SECRET_ACCESS_KEY": run.secret_access_key,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            **kept,
        }
    )
    _bypass_proxies(environ)


def _kept(environ: Mapping[str, str]) -> dict[str, str]:
    by_hand = any(environ.get(name) for name in ENDPOINTS)
    names = _OURS + (_KEYS if by_hand and all(environ.get(key) for key in _KEYS) else ())
    return {name: environ[name] for name in names if environ.get(name)}


def _bypass_proxies(environ: MutableMapping[str, str]) -> None:
    """A proxy set for the person's browser must not see what goes over loopback."""
    for name in ("no_proxy", "NO_PROXY"):
        hosts = [host for host in environ.get(name, "").split(",") if host]
        missing = [host for host in ("127.0.0.1", "localhost") if host not in hosts]
        environ[name] = ",".join(hosts + missing)
