"""Fills the placeholders of the JSON files beside it.

    python -m deploy.iam.render --bucket NAME --account 111122223333 web

The files are what AWS takes, with `${Bucket}`, `${AccountId}`, `${Region}` and `${Origins}` left open. An
entry `"${Origins}"` of a list becomes one entry for each origin.
"""

import argparse
import dataclasses
import json
import re
import string
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
NAMES: Final = tuple(sorted(path.stem for path in HERE.glob("*.json")))
_ORIGINS: Final = "${Origins}"
_FORMS: Final = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    "bucket": (r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "3 to 63 small letters, digits, dots and hyphens"),
    "account": (r"\d{12}", "the account's 12 digits"),
    "region": (r"[a-z]{2}(-[a-z]+)+-\d", "a region such as us-west-2"),
    "origin": (r"https?://[^/\s]+", "an origin such as https://photos.example.org, without a path"),
}


@dataclasses.dataclass(frozen=True)
class Place:
    """What the placeholders stand for. `account` is needed by roles and trust only."""

    bucket: str
    account: str = ""
    region: str = "us-west-2"
    origins: tuple[str, ...] = ()


def document(name: str, place: Place) -> Any:
    """One file of this folder as a JSON value with nothing left open.

    Raises ValueError where the file needs a value that `place` does not give, or one of the wrong form.
    """
    values = {"Bucket": place.bucket, "AccountId": place.account, "Region": place.region}
    given = {"bucket": place.bucket, "account": place.account, "region": place.region}
    for what, value in given.items():
        if value:
            _checked(what, value)
    for origin in place.origins:
        _checked("origin", origin)
    filled = {key: value for key, value in values.items() if value}
    return _filled(json.loads((HERE / f"{name}.json").read_text()), filled, place.origins)


def _checked(what: str, value: str) -> None:
    form, words = _FORMS[what]
    if not re.fullmatch(form, value):
        raise ValueError(f"the {what} must be {words}, not {value!r}")


def _filled(node: Any, values: dict[str, str], origins: tuple[str, ...]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, values, origins) for key, value in node.items()}
    if isinstance(node, list):
        return [filled for item in node for filled in _items(item, values, origins)]
    return _text(node, values) if isinstance(node, str) else node


def _items(item: Any, values: dict[str, str], origins: tuple[str, ...]) -> list[Any]:
    if item != _ORIGINS:
        return [_filled(item, values, origins)]
    if not origins:
        raise ValueError("at least one origin is needed: the address at which people open the site")
    return list(origins)


def _text(text: str, values: dict[str, str]) -> str:
    try:
        return string.Template(text).substitute(values)
    except KeyError as missing:
        raise ValueError(f"a value for {missing.args[0]} is needed") from missing


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one filled file. Wrong arguments end with status 2 and a sentence on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.iam.render", description="Fills one file of deploy/iam."
    )
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--account", default="")
    parser.add_argument("--region", default="us-west-2")
    parser.add_argument("--origin", action="append", default=[], help="may be given more than once")
    given = parser.parse_args(arguments)
    place = Place(given.bucket, given.account, given.region, tuple(given.origin))
    try:
        filled = document(given.name, place)
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.write(json.dumps(filled, indent=2) + "\n")


if __name__ == "__main__":
    main()
