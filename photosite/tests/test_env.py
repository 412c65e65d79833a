"""Reading the environment: what is right is taken, what is wrong stops the start with one line that names it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from photosite import env
from photosite.tests.starting import manage

pytestmark = pytest.mark.pure
Reader = Callable[[], Any]
CHOICES = ("open", "invite", "closed")


@pytest.mark.parametrize(("value", "read", "result"), [
    ("  hello ", lambda: env.text("X"), "hello"),
    ("1", lambda: env.flag("X"), True),
    ("true", lambda: env.flag("X"), True),
    ("0", lambda: env.flag("X"), False),
    ("8001", lambda: env.whole("X", 5, least=1, most=65535), 8001),
    (" 7 ", lambda: env.whole("X", 5), 7),
    ("65535", lambda: env.whole("X", 5, most=65535), 65535),
    ("0.5", lambda: env.number("X", 5), 0.5),
    ("100", lambda: env.number("X", 5, most=100), 100.0),
    ("0.05", lambda: env.money("X"), Decimal("0.05")),
    ("25", lambda: env.money("X"), Decimal(25)),
    ("invite", lambda: env.choice("X", "open", CHOICES), "invite"),
    ("https://photos.example.org/", lambda: env.url("X", ""), "https://photos.example.org"),
    ("http://[::1]:8000", lambda: env.url("X", ""), "http://[::1]:8000"),
    ("Europe/Berlin", lambda: env.zone("X", "UTC"), "Europe/Berlin"),
    ("rediss://:pw@host:6380", lambda: env.url("X", "", ("redis", "rediss")), "rediss://:pw@host:6380"),
    ("a=1", lambda: env.parsed("X", "", lambda text: {"read": text}, "a pair"), {"read": "a=1"}),
])  # fmt: skip
def test_what_is_right_is_taken(
    monkeypatch: pytest.MonkeyPatch, value: str, read: Reader, result: object
) -> None:
    monkeypatch.setenv("X", value)
    assert read() == result


@pytest.mark.parametrize("value", [None, "", "   "])
@pytest.mark.parametrize(("read", "default"), [
    (lambda: env.text("X", "127.0.0.1"), "127.0.0.1"),
    (lambda: env.flag("X"), False),
    (lambda: env.whole("X", 8000, least=1), 8000),
    (lambda: env.number("X", 30, least=0.5), 30.0),
    (lambda: env.money("X"), None),
    (lambda: env.choice("X", "open", CHOICES), "open"),
    (lambda: env.url("X", "http://localhost"), "http://localhost"),
    (lambda: env.parsed("X", "console:", lambda text: {"read": text}, "it"), {"read": "console:"}),
])  # fmt: skip
def test_what_is_not_set_or_set_to_nothing_is_the_default(
    monkeypatch: pytest.MonkeyPatch, value: str | None, read: Reader, default: object
) -> None:
    monkeypatch.delenv("X", raising=False)
    if value is not None:
        monkeypatch.setenv("X", value)
    assert read() == default


WRONG = [
    ("perhaps", lambda: env.flag("X"), "0 or 1"),
    ("eight", lambda: env.whole("X", 5), "a whole number from 0 up"),
    ("1.5", lambda: env.whole("X", 5), "a whole number"),
    ("0", lambda: env.whole("X", 5, least=1, most=65535), "from 1 to 65535"),
    ("65536", lambda: env.whole("X", 5, least=1, most=65535), "from 1 to 65535"),
    ("-1", lambda: env.whole("X", 5), "from 0 up"),
    ("9" * 5000, lambda: env.whole("X", 5, most=65535), "from 0 to 65535"),
    ("fast", lambda: env.number("X", 5), "a number"),
    ("0.4", lambda: env.number("X", 5, least=0.5), "from 0.5 up"),
    ("101", lambda: env.number("X", 5, most=100), "from 0 to 100"),
    ("nan", lambda: env.number("X", 5), "a number"),
    ("inf", lambda: env.number("X", 5), "a number"),
    ("-inf", lambda: env.number("X", 5), "a number"),
    ("much", lambda: env.money("X"), "an amount in US dollars"),
    ("-1", lambda: env.money("X"), "an amount in US dollars"),
    ("nan", lambda: env.money("X"), "an amount in US dollars"),
    ("inf", lambda: env.money("X"), "an amount in US dollars"),
    ("sometimes", lambda: env.choice("X", "open", CHOICES), "one of open, invite, closed"),
    ("photos.example.org", lambda: env.url("X", ""), "http://host"),
    ("ftp://host", lambda: env.url("X", ""), "http://host"),
    ("http://", lambda: env.url("X", ""), "http://host"),
    ("http://host:99999", lambda: env.url("X", ""), "http://host"),
    ("http://host:port", lambda: env.url("X", ""), "http://host"),
    ("http://[::1", lambda: env.url("X", ""), "http://host"),
    ("http://host", lambda: env.url("X", "", ("redis",)), "redis://host"),
    ("hunter2", lambda: env.secret("X", 20), "at least 20 characters long"),
    ("nonsense", lambda: env.parsed("X", "", lambda text: {"x": text.index("=")}, "a database"), "a database"),
    ("~nobody-has-this-name/photos", lambda: env.folder("X", Path("var")), "a folder"),
    ("/dev/null/photos", lambda: env.folder("X", Path("var")), "a folder"),
    ("/dev/null", lambda: env.folder("X", Path("var")), "a folder"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "read", "wanted"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_stops_with_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, value: str, read: Reader, wanted: str
) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(env.WrongSetting) as stopped:
        read()
    message = str(stopped.value.code)
    assert message.startswith("photosite: X must be ")
    assert wanted in message
    assert "\n" not in message


def test_a_password_in_a_wrong_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "redsi://:hunter2@host")
    with pytest.raises(env.WrongSetting) as stopped:
        env.url("X", "", ("redis", "rediss"))
    assert "hunter2" not in str(stopped.value.code)


def test_a_folder_is_made_and_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("X", "here/photos")
    assert env.folder("X", Path("var")) == tmp_path / "here" / "photos"
    assert (tmp_path / "here" / "photos").stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("X", "~/photos")
    assert env.folder("X", Path("var")) == tmp_path / "home" / "photos"
    monkeypatch.delenv("X")
    assert env.folder("X", tmp_path / "var") == tmp_path / "var"


@pytest.mark.parametrize(("host", "is_one"), [
    ("localhost", True), ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("0.0.0.0", False), ("::", False),  # noqa: S104
    ("192.168.1.5", False), ("photos.example.org", False), ("", False), ("127.0.0.1.example.org", False),
])  # fmt: skip
def test_loopback_is_this_machine_alone(host: str, is_one: bool) -> None:
    assert env.is_loopback(host) == is_one


@pytest.mark.parametrize(("name", "value"), [
    ("PHOTOSITE_PORT", "eight"),
    ("PHOTOSITE_PUBLIC_URL", "photos.example.org"),
    ("PHOTOSITE_SIGNUP", "sometimes"),
    ("PHOTOSITE_TIME_ZONE", "Europe/Atlantis"),
    ("PHOTOSITE_TIME_ZONE", "Europe"),
    ("PHOTOSITE_AWS", "perhaps"),
    ("PHOTOSITE_SWEEP_SECONDS", "inf"),
    ("PHOTOSITE_DATA_DIR", "/dev/null/photos"),
    ("PHOTOSITE_METRICS_TOKEN", "hunter2"),
    ("REDIS_URL", "http://:hunter2@host"),
    ("DATABASE_URL", "postgres://photosite:hunter2@host:port/photosite"),
    ("EMAIL_URL", "smtp://mail:hunter2@host:port"),
    ("AWS_ENDPOINT_URL_S3", "s3.example.org"),
])  # fmt: skip
def test_a_command_ends_with_that_line_and_no_traceback(tmp_path: Path, name: str, value: str) -> None:
    data = Path(value) if name == "PHOTOSITE_DATA_DIR" else tmp_path
    done = manage(data, "check", **{"SECRET_KEY": "s", name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"photosite: {name} must be ")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr + done.stdout


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("  kept apart\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("SECRET_KEY") == "kept apart"
    monkeypatch.setenv("SECRET_KEY", "said outright")
    assert env.text("SECRET_KEY") == "said outright"


def test_only_secrets_are_looked_for_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a file")
    monkeypatch.setenv("X_FILE", str(tmp_path / "x"))
    assert env.text("X", "the default") == "the default"


def test_a_file_that_cannot_be_read_stops_the_start_with_one_line(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", SECRET_KEY_FILE=str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("photosite: SECRET_KEY_FILE must be a file that can be read: ")
    assert done.stderr.count("\n") == 1
