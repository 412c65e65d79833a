"""What the settings make of an environment: each tried in a process of its own."""

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from photosite.tests.starting import manage, said

pytestmark = pytest.mark.pure
NAMES = (
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "ALLOWED_HOSTS", "AWS", "AWS_REGION", "BUCKET", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS", "DEBUG", "EMBEDDED_QUEUE", "EMBEDDED_RECOGNISER", "EMBEDDED_S3", "HTTPS",
    "PASSWORD_RESET_TIMEOUT", "REKOGNITION_ENDPOINT", "REKOGNITION_TPS", "S3_ENDPOINT", "S3_ORIGIN",
    "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE", "SHOW_MAILED_LINKS", "SECRET_KEY", "SIGNUP",
)  # fmt: skip
CODE = f"""
import django; django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from photosite import processes
said = {{name: getattr(settings, name, None) for name in {NAMES!r}}}
said["database"] = {{name: str(connection.settings_dict[name]) for name in ("ENGINE", "NAME", "CONN_MAX_AGE")}}
said["options"] = {{name: value for name, value in connection.settings_dict["OPTIONS"].items()}}
said["environment"] = {{name: value for name, value in os.environ.items() if name.startswith(("AWS_", "BOTO_"))}}
said["programs"] = [program.name for program in processes.programs()]
said["style"] = settings.S3_CONFIG.s3["addressing_style"]
said["secret"] = settings.RUN.django_secret
os.makedirs(settings.STATIC_ROOT, exist_ok=True)
for path in ("/healthz", "/api/v1/photos/"):
    for proxy in ({{}}, {{"X-Forwarded-Proto": "https"}}):
        answer = Client(headers={{"Host": settings.PUBLIC_HOST, **proxy}}, raise_request_exception=False).get(path)
        told = [answer.headers.get(name) for name in ("Location", "Strict-Transport-Security")]
        said[path + (" by proxy" if proxy else "")] = [answer.status_code, *told]
"""


@functools.cache
def _settings(given: tuple[tuple[str, str], ...]) -> str:
    with tempfile.TemporaryDirectory() as data:
        return json.dumps(said(Path(data) / "data", CODE, **dict(given)))


def settings_of(**given: str) -> Any:
    """Settings and first answers of a site that is started with these variables."""
    return json.loads(_settings(tuple(given.items())))


PUBLIC = {"PHOTOSITE_PUBLIC_URL": "https://photos.example.org", "PHOTOSITE_TRUST_PROXY": "1"}


def test_https_is_all_or_nothing() -> None:
    found = settings_of(**PUBLIC)
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://photos.example.org"]
    assert "photos.example.org" in found["ALLOWED_HOSTS"]
    assert found["SHOW_MAILED_LINKS"] is False


def test_with_https_plain_http_is_sent_on_except_for_the_probe() -> None:
    found = settings_of(**PUBLIC)
    assert found["/api/v1/photos/"][:2] == [301, "https://photos.example.org/api/v1/photos/"]
    assert found["/healthz"][0] == 200
    status, _, transport = found["/healthz by proxy"]
    assert status == 200
    assert transport.startswith("max-age=31536000")


def test_a_proxy_is_trusted_only_when_that_is_said() -> None:
    found = settings_of(PHOTOSITE_PUBLIC_URL="https://photos.example.org")
    assert found["/api/v1/photos/ by proxy"][0] == 301
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] is None
    assert settings_of(**PUBLIC)["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_plain_http_on_this_machine_needs_nothing_of_it() -> None:
    found = settings_of()
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("session-8000", "csrf-8000")
    secured = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "HTTPS")
    assert not any(found[name] for name in secured)
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["/healthz"] == [200, None, None]
    assert found["SHOW_MAILED_LINKS"] is True


def test_scripts_read_no_cookie_and_errors_show_no_code() -> None:
    for found in (settings_of(), settings_of(**PUBLIC)):
        assert found["SESSION_COOKIE_HTTPONLY"] is found["CSRF_COOKIE_HTTPONLY"] is True
        assert found["DEBUG"] is False
        assert found["PASSWORD_RESET_TIMEOUT"] == 3600


OWN = {"AWS_PROFILE": "photos",
       "AWS_CONFIG_FILE": "/etc/aws", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s",
       "AWS_SESSION_TOKEN": "t", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/photos"}  # fmt: skip


def test_with_aws_the_sdks_chain_is_left_alone() -> None:
    found = settings_of(PHOTOSITE_AWS="1", **OWN)
    assert found["environment"] == OWN


def test_with_aws_no_endpoint_is_set_and_nothing_of_it_starts() -> None:
    found = settings_of(PHOTOSITE_AWS="1", **OWN)
    assert (found["S3_ENDPOINT"], found["REKOGNITION_ENDPOINT"]) == ("", "")
    assert found["EMBEDDED_S3"] is found["EMBEDDED_RECOGNISER"] is False
    assert found["EMBEDDED_QUEUE"] is True
    assert not {"s3", "recogniser"} & set(found["programs"])
    assert found["style"] == "virtual"
    assert found["S3_ORIGIN"] == "https://photosite.s3.us-west-2.amazonaws.com"
    assert found["REKOGNITION_TPS"] == 5


def test_without_aws_the_site_is_sealed_off() -> None:
    found = settings_of(**OWN)
    assert found["environment"].keys() == {
        "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_REKOGNITION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED",
    }  # fmt: skip
    assert found["environment"]["AWS_ACCESS_KEY_ID"].startswith("LOCAL")
    assert found["style"] == "path"
    assert found["REKOGNITION_TPS"] == 20
    assert (found["AWS_REGION"], found["BUCKET"]) == ("us-west-2", "photosite")


def test_browsers_may_be_told_another_address_of_the_bucket() -> None:
    assert (
        settings_of(PHOTOSITE_S3_PUBLIC_URL="https://pictures.example.org/s3/")["S3_ORIGIN"]
        == "https://pictures.example.org"
    )


def test_the_secret_key_is_made_once_and_kept() -> None:
    found = settings_of()
    assert found["SECRET_KEY"] == found["secret"]
    assert len(found["SECRET_KEY"]) >= 50


@pytest.mark.parametrize("url", ["postgres://photosite:pw@db/photosite", "sqlite:////tmp/photosite.sqlite3"])
def test_with_a_database_of_ones_own_the_secret_key_is_asked_for(tmp_path: Path, url: str) -> None:
    done = manage(tmp_path, "check", DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("photosite: SECRET_KEY is required when DATABASE_URL is set")
    assert done.stderr.count("\n") == 1


def test_sqlite_waits_for_its_turn_and_never_loses_a_commit() -> None:
    found = settings_of()
    assert found["database"]["ENGINE"].endswith("sqlite3")
    assert found["options"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["options"]["init_command"]
    assert "synchronous=FULL" in found["options"]["init_command"]


def test_postgresql_has_a_pool_and_no_age(tmp_path: Path) -> None:
    code = "from photosite import settings\nsaid = settings.DATABASES['default']"
    found = said(
        tmp_path,
        code,
        DATABASE_URL="postgres://photosite:pw@db:5433/photosite?sslmode=require",
        SECRET_KEY="s",
    )
    assert found["ENGINE"].endswith("postgresql")
    assert (found["HOST"], found["PORT"], found["NAME"], found["PASSWORD"]) == ("db", 5433, "photosite", "pw")
    assert found["OPTIONS"]["pool"]["max_size"] > 0
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["connect_timeout"] <= 5
    assert not found.get("CONN_MAX_AGE")


def test_another_port_has_cookies_of_its_own() -> None:
    found = settings_of(PHOTOSITE_PORT="8001")
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_TRUSTED_ORIGINS"]) == (
        "session-8001",
        ["http://localhost:8001"],
    )


def test_a_site_open_to_a_network_shows_no_mailed_links() -> None:
    assert settings_of(PHOTOSITE_HOST="192.168.1.5")["SHOW_MAILED_LINKS"] is False
    assert settings_of(EMAIL_URL="smtp://mail:pw@smtp.example.org:587")["SHOW_MAILED_LINKS"] is False
