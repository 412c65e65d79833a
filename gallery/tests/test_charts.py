"""Where the bars stand: on one another, within the picture, as high as their amounts."""

from decimal import Decimal

import pytest

from gallery.charts import HEIGHT, stacked

pytestmark = pytest.mark.pure


def test_the_bars_of_a_month_stand_on_one_another() -> None:
    chart = stacked([("May", {"a": Decimal(3), "b": Decimal(1)}), ("June", {})], ["a", "b"])
    lower, upper = chart.columns[0].bars
    assert lower.y + lower.height == pytest.approx(chart.baseline)
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert lower.height == pytest.approx(3 * upper.height, rel=1e-3)
    assert chart.columns[0].total == 4
    assert [float(amount) for amount in chart.columns[0].amounts] == [3, 1]
    assert chart.columns[1].total == 0
    assert chart.columns[1].bars == []


@pytest.mark.parametrize(("most", "top"), [
    ("0", "1"), ("0.001", "0.001"), ("0.00175", "0.002"), ("0.9", "1"), ("3", "5"), ("12", "20"), ("51", "100"),
])  # fmt: skip
def test_the_scale_ends_at_a_round_amount(most: str, top: str) -> None:
    chart = stacked([("May", {"a": Decimal(most)})], ["a"])
    assert chart.lines[0].amount == Decimal(top)
    assert all(0 <= bar.y <= HEIGHT for bar in chart.columns[0].bars)
