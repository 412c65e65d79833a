"""On a machine without what tests drive: it is installed where that may be done, and otherwise said aloud."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import install

pytestmark = pytest.mark.pure
Machine = Callable[..., Path]
_APT_GET = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
  *install*chromium*) made={bin}/chromium-headless-shell ;;
  *install*exiftool*) made={bin}/exiftool ;;
esac
[ -z "$made" ] || {{ printf '#!/bin/sh\\n' > "$made"; {chmod} +x "$made"; }}
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with the commands that are named, and none of the programs; the log of its apt-get."""

    def build(*commands: str, root: bool) -> Path:
        programs, log = tmp_path / "bin", tmp_path / "apt.log"
        programs.mkdir()
        (programs / "env").symlink_to("/usr/bin/env")
        texts = {
            "apt-get": _APT_GET.format(log=log, bin=programs, chmod="/bin/chmod"),
            "sudo": '#!/bin/sh\nshift; [ "$1" = true ] || exec "$@"\n',
            "sudo that asks": "#!/bin/sh\nexit 1\n",
        }
        for command in commands:
            path = programs / command.partition(" ")[0]
            path.write_text(texts[command])
            path.chmod(0o755)
        log.touch()
        monkeypatch.setenv("PATH", str(programs))
        monkeypatch.delenv("PHOTOSITE_CHROMIUM", raising=False)
        monkeypatch.delenv("PHOTOSITE_EXIFTOOL", raising=False)
        monkeypatch.delenv("CI", raising=False)
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
        return log

    return build


@pytest.mark.parametrize(("commands", "root"), [(("apt-get",), True), (("apt-get", "sudo"), False)])
def test_each_is_installed_with_one_line_that_says_so(
    machine: Machine, capsys: pytest.CaptureFixture[str], commands: tuple[str, ...], root: bool
) -> None:
    log = machine(*commands, root=root)
    assert install.main() == 0
    assert [line.rpartition("Use-Pty=0 ")[2] for line in log.read_text().splitlines()] == [
        "update",
        "install -y --no-install-recommends chromium-headless-shell fonts-noto-core fonts-noto-color-emoji",
        "update",
        "install -y --no-install-recommends libimage-exiftool-perl",
    ]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all("apt-get" in line for line in said)


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
@pytest.mark.parametrize("commands", [(), ("apt-get",), ("apt-get", "sudo that asks")])
def test_where_none_may_be_installed_a_line_each_says_how_to_get_it(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    commands: tuple[str, ...],
    ci: str,
    status: int,
) -> None:
    log = machine(*commands, root=False)
    monkeypatch.setenv("CI", ci)
    assert install.main() == status
    assert log.read_text() == ""
    assert capsys.readouterr().err == f"{install.CHROMIUM.how_to}\n{install.EXIFTOOL.how_to}\n"


def test_a_browser_that_is_there_is_taken_without_a_word(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine("apt-get", root=True)
    own = tmp_path / "my chromium"
    own.touch()
    monkeypatch.setenv("PHOTOSITE_CHROMIUM", str(own))
    monkeypatch.setenv("PHOTOSITE_EXIFTOOL", str(own))
    assert install.main() == 0
    assert install.CHROMIUM.find() == str(own)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("root", [True, False])
def test_one_that_is_slower_is_used_only_where_the_best_can_not_be_had(machine: Machine, root: bool) -> None:
    log = machine("apt-get", root=root)
    slower = log.with_name("bin") / "google-chrome"
    slower.touch(mode=0o755)
    assert install.main() == 0
    found = install.CHROMIUM.find() or ""
    assert Path(found).name == ("chromium-headless-shell" if root else "google-chrome")


def test_a_browser_that_is_named_and_missing_is_not_replaced(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = machine("apt-get", root=True)
    monkeypatch.setenv("PHOTOSITE_CHROMIUM", "/no/such/chromium")
    monkeypatch.setenv("PHOTOSITE_EXIFTOOL", "/no/such/exiftool")
    monkeypatch.setenv("CI", "true")
    assert install.main() == 1
    assert log.read_text() == ""


def test_the_long_tests_want_another_one_as_well(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    log = machine("apt-get", root=True)
    monkeypatch.delenv("PHOTOSITE_FIREFOX", raising=False)
    install.main(["--long"])
    assert "install -y --no-install-recommends firefox-esr" in log.read_text()
