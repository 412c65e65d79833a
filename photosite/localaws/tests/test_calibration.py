import pytest

from photosite.localaws.calibration import DETECTOR, FACE, GROUP, LEAF, TEXT, Curve, confidence

pytestmark = pytest.mark.pure

CURVES = [DETECTOR, LEAF, GROUP, FACE, TEXT]


@pytest.mark.parametrize(
    ("curve", "score", "percent"),
    [(DETECTOR, 0.5, 80), (LEAF, 0.3, 75), (GROUP, 0.45, 80), (FACE, 0.5, 80), (TEXT, 0.95, 96)],
)
def test_the_measured_points_have_the_measured_precision(curve: Curve, score: float, percent: float) -> None:
    assert confidence(curve, score) == pytest.approx(percent)


@pytest.mark.parametrize("curve", CURVES)
def test_a_higher_score_never_has_a_lower_confidence(curve: Curve) -> None:
    values = [confidence(curve, step / 1000) for step in range(1001)]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("curve", CURVES)
def test_a_certain_network_is_99_percent_right_and_never_more(curve: Curve) -> None:
    assert confidence(curve, 1.0) == pytest.approx(99)
    assert confidence(curve, 0.0) == 0


@pytest.mark.parametrize("curve", CURVES)
def test_scores_outside_their_range_are_taken_as_its_ends(curve: Curve) -> None:
    assert confidence(curve, 1.5) == confidence(curve, 1.0)
    assert confidence(curve, -0.5) == confidence(curve, 0.0)


@pytest.mark.parametrize(("curve", "anchor"), [(DETECTOR, 0.5), (LEAF, 0.3), (GROUP, 0.45)])
def test_below_its_threshold_a_label_falls_under_55(curve: Curve, anchor: float) -> None:
    assert confidence(curve, anchor - 0.01) < confidence(curve, anchor)
    assert confidence(curve, anchor / 2.1) < 55
