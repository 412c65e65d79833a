"""Where the bars stand: on one another, within the picture, as high as their amounts."""

from decimal import Decimal

import pytest

from gallery.charts import HEIGHT, stacked

pytestmark = pytest.mark.pure


def test_the_bars_of_a_month_stand_on_one_another() -> None:
    chart = stacked([("May", {"a": Decimal(3), "b": Decimal(1)}), ("June", {})], ["a", "b"], str)
    lower, upper = chart.columns[0].bars
    assert lower.y + lower.height == pytest.approx(chart.baseline)
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert lower.height == pytest.approx(3 * upper.height, rel=1e-3)
    assert (chart.columns[0].amounts, chart.columns[0].total) == (["3", "1"], "4")
    assert chart.columns[1].total == "0"
    assert chart.columns[1].bars == []


@pytest.mark.parametrize(("most", "top"), [
    ("0", "1"), ("0.001", "0.001"), ("0.00175", "0.002"), ("0.9", "1"), ("3", "5"), ("12", "20"), ("51", "100"),
])  # fmt: skip
def test_the_scale_ends_at_a_round_amount(most: str, top: str) -> None:
    chart = stacked([("May", {"a": Decimal(most)})], ["a"], str)
    assert Decimal(chart.lines[0].said) == Decimal(top)
    assert all(0 <= bar.y <= HEIGHT for bar in chart.columns[0].bars)


def test_what_columns_are_compared_with_is_in_the_picture_and_not_above_it() -> None:
    chart = stacked([("May", {"a": Decimal(1)})], ["a"], str, mark=Decimal(40))
    assert chart.mark is not None
    assert (chart.mark.said, chart.lines[0].said) == ("40", "50")
    assert 0 < chart.mark.y < chart.columns[0].bars[0].y


@pytest.mark.parametrize(("columns", "named"), [(1, 1), (12, 12), (13, 7), (30, 10)])
def test_many_columns_do_not_write_over_one_another_and_the_last_is_named(columns: int, named: int) -> None:
    chart = stacked([(str(number), {}) for number in range(columns)], [], str)
    assert sum(column.named for column in chart.columns) == named
    assert chart.columns[-1].named
