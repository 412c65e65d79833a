"""The embedded site is sealed off from a person's own AWS set-up, however much of it there is."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photosite.localaws.sealed import seal
from photosite.runfile import RunFile
from photosite.tests.starting import said

pytestmark = pytest.mark.pure
RUN = RunFile(
    ports={"s3": 15001, "recogniser": 15002, "queue": 15003},
    access_key="LOCALKEY",
    secret_access_key="local secret",
    queue_password="q",
    django_secret="d",
)
SEALED = {
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:15001",
    "AWS_ENDPOINT_URL_REKOGNITION": "http://127.0.0.1:15002",
    "AWS_ACCESS_KEY_ID": "LOCALKEY",
    "AWS_SECRET_ACCESS_KEY": "local secret",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
# All that the SDK reads, and what only older ones read.
HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "a real secret",
    "AWS_SESSION_TOKEN": "a real session",
    "AWS_SECURITY_TOKEN": "a real session",
    "AWS_PROFILE": "work",
    "AWS_DEFAULT_PROFILE": "work",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_CONFIG_FILE": "/home/alice/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/alice/.aws/credentials",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/work",
    "AWS_ROLE_SESSION_NAME": "alice",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/v2",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://169.254.169.254",
    "AWS_EC2_METADATA_DISABLED": "false",
    "AWS_METADATA_SERVICE_TIMEOUT": "5",
    "AWS_ENDPOINT_URL": "https://example.org",
    "AWS_ENDPOINT_URL_STS": "https://sts.example.org",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_CA_BUNDLE": "/etc/work.pem",
    "AWS_DATA_PATH": "/home/alice/models",
    "AWS_SIGV4A_SIGNING_REGION_SET": "*",
    "AWS_BEARER_TOKEN_BEDROCK": "token",
    "AWS_BEARER_TOKEN_S3": "token",
    "BOTO_CONFIG": "/home/alice/.boto",
    "BOTO_DISABLE_COMMONNAME": "1",
}


def sealed(**given: str) -> dict[str, str]:
    """What is left of an environment, apart from the proxies."""
    environ = dict(given)
    seal(environ, RUN)
    return {name: value for name, value in environ.items() if name.lower() != "no_proxy"}


def test_nothing_of_a_persons_own_account_is_left() -> None:
    assert sealed(**HOSTILE) == SEALED


def test_what_has_nothing_to_do_with_aws_stays() -> None:
    assert sealed(HOME="/home/alice", PATH="/bin", LAWS_OF="x") == {
        **SEALED, "HOME": "/home/alice", "PATH": "/bin", "LAWS_OF": "x",
    }  # fmt: skip


def test_the_sites_own_settings_stay() -> None:
    ours = {"AWS_STORAGE_BUCKET_NAME": "pictures", "AWS_REGION": "eu-west-1"}
    assert sealed(**HOSTILE | ours) == SEALED | ours


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_REKOGNITION"])
def test_an_endpoint_by_hand_replaces_ours_and_keeps_its_keys(name: str) -> None:
    by_hand = {
        name: "http://minio:9000",
        "AWS_ACCESS_KEY_ID": "theirs",
        "AWS_SECRET_ACCESS_KEY": "their secret",
    }
    assert sealed(**HOSTILE | by_hand) == SEALED | by_hand


@pytest.mark.parametrize(
    "keys", [{}, {"AWS_ACCESS_KEY_ID": "theirs"}, {"AWS_SECRET_ACCESS_KEY": "their secret"}]
)
def test_an_endpoint_by_hand_without_both_keys_gets_ours(keys: dict[str, str]) -> None:
    assert sealed(AWS_ENDPOINT_URL_S3="http://minio:9000", **keys) == SEALED | {
        "AWS_ENDPOINT_URL_S3": "http://minio:9000"
    }


def test_variables_set_to_nothing_count_as_not_set() -> None:
    assert sealed(AWS_ENDPOINT_URL_S3="", AWS_REGION="", AWS_ACCESS_KEY_ID="", AWS_PROFILE="") == SEALED


@given(
    st.dictionaries(
        st.sampled_from([*HOSTILE, *SEALED, "AWS_REGION", "NO_PROXY", "no_proxy", "HOME"]), st.text()
    )
)
def test_doing_it_twice_changes_nothing_more(environ: dict[str, str]) -> None:
    seal(environ, RUN)
    once = dict(environ)
    seal(environ, RUN)
    assert environ == once


@pytest.mark.parametrize(("given_", "after"), [
    ({}, "127.0.0.1,localhost"),
    ({"NO_PROXY": "intranet"}, "intranet,127.0.0.1,localhost"),
    ({"NO_PROXY": "localhost"}, "localhost,127.0.0.1"),
    ({"NO_PROXY": "127.0.0.1,localhost"}, "127.0.0.1,localhost"),
    ({"NO_PROXY": "*"}, "*,127.0.0.1,localhost"),
    ({"NO_PROXY": ",,"}, "127.0.0.1,localhost"),
])  # fmt: skip
def test_a_proxy_never_sees_what_goes_over_loopback(given_: dict[str, str], after: str) -> None:
    environ = {"HTTP_PROXY": "http://proxy:3128", **given_}
    seal(environ, RUN)
    assert environ["NO_PROXY"] == after
    assert {"127.0.0.1", "localhost"} <= set(environ["no_proxy"].split(","))


@pytest.fixture
def at_work(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """The environment of somebody whose home names a real account, and a file that is there once it was asked."""
    asked = tmp_path / "asked"
    aws = tmp_path / "home" / ".aws"
    aws.mkdir(parents=True)
    (aws / "credentials").write_text(
        "[default]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n"
    )
    (aws / "config").write_text(
        f"[default]\nregion = eu-central-1\nendpoint_url = https://example.org\n"
        f"[profile work]\ncredential_process = /bin/touch {asked}\n"
    )
    (tmp_path / "home" / ".boto").write_text("[Credentials]\naws_access_key_id = AKIAREAL\n")
    hostile = {**HOSTILE, "HOME": str(tmp_path / "home")}
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE", "CA_BUNDLE"):
        hostile[f"AWS_{name}"] = str(aws / "credentials")
    return hostile, asked


ASK = """
import django; django.setup()
from botocore.session import Session
from django.conf import settings
from gallery import storage
from gallery.labelling import rekognition
keys = Session().get_credentials().get_frozen_credentials()
clients = [storage._shared_client(), rekognition._shared_client()]
said = {
    "keys": [keys.access_key, keys.secret_key, keys.token],
    "ours": [settings.RUN.access_key, settings.RUN.secret_access_key, None],
    "endpoints": [client.meta.endpoint_url for client in clients],
    "here": [settings.RUN.s3_url, settings.RUN.recogniser_url],
    "regions": [client.meta.region_name for client in clients],
}
"""


def test_the_sdk_itself_finds_our_keys_and_servers_and_nothing_else(
    tmp_path: Path, at_work: tuple[dict[str, str], Path]
) -> None:
    hostile, asked = at_work
    found: dict[str, Any] = said(tmp_path / "data", ASK, **hostile)
    assert found["keys"] == found["ours"]
    assert found["endpoints"] == found["here"]
    assert found["regions"] == ["us-west-2", "us-west-2"]
    assert not asked.exists()
