"""What a real recogniser says about real photographs, held against AWS's own description of an answer."""

from typing import Any

import pytest
from PIL import Image

from photosite.localaws.networks import MODEL_VERSION
from photosite.localaws.taxonomy import CATEGORIES
from photosite.localaws.tests.answers import violations
from photosite.localaws.tests.conftest import PHOTOS, encoded, photo_bytes

pytestmark = pytest.mark.pure

BOTH = ["GENERAL_LABELS", "IMAGE_PROPERTIES"]


def detected(client: Any, data: bytes, **request: Any) -> dict[str, Any]:
    """An answer that AWS might have given."""
    answer: dict[str, Any] = client.detect_labels(Image={"Bytes": data}, **request)
    del answer["ResponseMetadata"]
    assert violations(answer, "DetectLabelsResponse") == []
    return answer


def labels(client: Any, data: bytes, **request: Any) -> dict[str, dict[str, Any]]:
    """The labels by name."""
    return {label["Name"]: label for label in detected(client, data, **request)["Labels"]}


def filtered(client: Any, data: bytes, **filters: list[str]) -> set[str]:
    return set(labels(client, data, Settings={"GeneralLabels": filters}))


def names(rows: list[dict[str, str]]) -> list[str]:
    return [row["Name"] for row in rows]


def test_a_cat_is_a_cat_with_a_box_around_it(client: Any, cat: bytes) -> None:
    found = labels(client, cat)
    assert found["Cat"]["Confidence"] >= 80
    assert names(found["Cat"]["Parents"]) == ["Animal", "Mammal", "Pet"]
    (instance,) = found["Cat"]["Instances"]
    box = instance["BoundingBox"]
    assert box["Left"] <= 0.2
    assert box["Top"] <= 0.1
    assert box["Left"] + box["Width"] >= 0.7
    assert box["Height"] >= 0.8
    assert instance["Confidence"] >= 80
    assert "Dog" not in found


@pytest.mark.parametrize(("photo", "label"), [("coffee.jpg", "Cup"), ("astronaut.jpg", "Person")])
def test_what_fills_a_photo_is_found(client: Any, photo: str, label: str) -> None:
    found = labels(client, photo_bytes(photo))
    assert found[label]["Confidence"] >= 80
    assert found[label]["Instances"]


@pytest.mark.parametrize("photo", sorted(path.name for path in PHOTOS.glob("*.jpg")))
def test_every_answer_is_one_that_aws_might_give(client: Any, photo: str) -> None:
    answer = detected(client, photo_bytes(photo), Features=BOTH, MinConfidence=0)
    assert answer["LabelModelVersion"] == MODEL_VERSION
    assert "OrientationCorrection" not in answer
    told = {label["Name"]: label for label in answer["Labels"]}
    assert len(told) == len(answer["Labels"])
    sure = [label["Confidence"] for label in answer["Labels"]]
    assert sure == sorted(sure, reverse=True)
    for label in answer["Labels"]:
        assert set(names(label["Categories"])) <= CATEGORIES
        for parent in names(label["Parents"]):
            assert told[parent]["Confidence"] >= label["Confidence"]


def test_by_default_nothing_under_55_is_told(client: Any) -> None:
    data = photo_bytes("flower.jpg")
    default, everything = labels(client, data), labels(client, data, MinConfidence=0)
    assert set(default) < set(everything)
    assert min(label["Confidence"] for label in default.values()) >= 55
    assert min(label["Confidence"] for label in everything.values()) < 55


def test_min_confidence_cuts_labels_and_instances(client: Any, cat: bytes) -> None:
    sure = labels(client, cat, MinConfidence=90)
    assert sure
    assert all(label["Confidence"] >= 90 for label in sure.values())
    instances = [one for label in sure.values() for one in label["Instances"]]
    assert all(one["Confidence"] >= 90 for one in instances)
    assert labels(client, cat, MinConfidence=100) == {}


def test_max_labels_keeps_the_surest(client: Any, cat: bytes) -> None:
    everything = names(detected(client, cat)["Labels"])
    assert names(detected(client, cat, MaxLabels=2)["Labels"]) == everything[:2]


def test_labels_can_be_asked_for_by_name(client: Any, cat: bytes) -> None:
    assert filtered(client, cat, LabelInclusionFilters=["Cat", "Dog"]) == {"Cat"}


def test_labels_can_be_left_out_by_name(client: Any, cat: bytes) -> None:
    assert filtered(client, cat, LabelExclusionFilters=["Cat"]) == set(labels(client, cat)) - {"Cat"}


def test_labels_can_be_asked_for_by_category(client: Any) -> None:
    data = photo_bytes("coffee.jpg")
    assert "Cup" in filtered(client, data, LabelCategoryInclusionFilters=["Kitchen and Dining"])
    assert "Coffee" not in filtered(client, data, LabelCategoryInclusionFilters=["Kitchen and Dining"])
    assert "Cup" not in filtered(client, data, LabelCategoryExclusionFilters=["Kitchen and Dining"])


def test_an_exclusion_wins_over_an_inclusion(client: Any, cat: bytes) -> None:
    told = filtered(
        client,
        cat,
        LabelCategoryInclusionFilters=["Animals and Pets"],
        LabelExclusionFilters=["Pet", "Mammal"],
    )
    assert "Cat" in told
    assert not told & {"Pet", "Mammal"}


def test_a_photo_taken_sideways_is_seen_upright(client: Any) -> None:
    """The picture is stored turned, EXIF turns it back: same labels, box on the upright picture."""
    upright = Image.open(PHOTOS / "chelsea.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = encoded(upright.transpose(Image.Transpose.ROTATE_90), exif=exif, quality=95)
    straight = labels(client, photo_bytes("chelsea.jpg"))["Cat"]["Instances"][0]["BoundingBox"]
    turned = labels(client, sideways)["Cat"]["Instances"][0]["BoundingBox"]
    assert turned == pytest.approx(straight, abs=0.06)


def test_properties_come_only_when_asked_for(client: Any, cat: bytes) -> None:
    assert "ImageProperties" not in detected(client, cat)
    alone = detected(client, cat, Features=["IMAGE_PROPERTIES"])
    assert "Labels" not in alone
    assert set(alone["ImageProperties"]) == {"Quality", "DominantColors", "Foreground", "Background"}


def test_a_plain_picture_has_its_colour_and_no_edges(client: Any) -> None:
    data = encoded(Image.new("RGB", (400, 300), (47, 79, 79)), "PNG")
    whole = detected(client, data, Features=["IMAGE_PROPERTIES"])["ImageProperties"]
    (color,) = whole["DominantColors"]
    assert color == {
        "Red": 47, "Green": 79, "Blue": 79, "HexCode": "#2f4f4f", "CSSColor": "darkslategrey",
        "SimplifiedColor": "grey", "PixelPercent": 100.0,
    }  # fmt: skip
    assert whole["Quality"]["Sharpness"] == pytest.approx(0, abs=0.1)
    assert whole["Quality"]["Contrast"] == pytest.approx(0, abs=0.1)
    assert whole["Quality"]["Brightness"] == pytest.approx(27.2, abs=0.5)


def test_a_sharp_picture_is_sharper_than_a_blurred_one(client: Any) -> None:
    small = Image.open(PHOTOS / "china.jpg")
    blurred = small.resize((80, 53)).resize(small.size)
    sharp, soft = (
        detected(client, encoded(one), Features=["IMAGE_PROPERTIES"])["ImageProperties"]["Quality"][
            "Sharpness"
        ]
        for one in (small, blurred)
    )
    assert sharp > 2 * soft


@pytest.mark.parametrize("most", [0, 1, 3, 20])
def test_there_are_no_more_colours_than_asked_for(client: Any, cat: bytes, most: int) -> None:
    settings = {"ImageProperties": {"MaxDominantColors": most}}
    answer = detected(client, cat, Features=BOTH, Settings=settings)
    whole = answer["ImageProperties"]
    instances = [one for label in answer["Labels"] for one in label["Instances"]]
    assert instances
    for part in (whole, whole["Foreground"], whole["Background"], *instances):
        shares = [color["PixelPercent"] for color in part["DominantColors"]]
        assert len(shares) <= most
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 100 + 1e-6
