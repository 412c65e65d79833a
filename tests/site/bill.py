"""What /usage/ tells somebody of this month's paid calls."""

import dataclasses
import re
from decimal import Decimal
from typing import Final

from tests.site.browser import Browser
from tests.site.running import Site

_ROW: Final = re.compile(
    r'<th scope="row">(?P<operation>[^<]+)</th><td class="number">(?P<calls>[\d,]+)</td>'
    r'<td class="number">(?P<perhaps>[\d,]+)</td><td class="number">\$(?P<cost>[\d.]+)</td>'
)


@dataclasses.dataclass(frozen=True)
class Bill:
    """The sums of all operations. `perhaps`: those of the calls that were sent and not answered."""

    calls: int
    perhaps: int
    cost_usd: Decimal


def of(site: Site, email: str) -> Bill:
    page = Browser(site.url).sign_in(email).get("/usage/")
    assert page.status == 200, page
    rows = [found.groupdict() for found in _ROW.finditer(page.body.decode())]
    return Bill(
        sum(_whole(row["calls"]) for row in rows),
        sum(_whole(row["perhaps"]) for row in rows),
        sum((Decimal(row["cost"]) for row in rows), Decimal(0)),
    )


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
