"""Which sidecar is about which photo: names as people's exports really have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imports.takeout import Sidecars, edited

pytestmark = pytest.mark.pure
_ORIGIN = "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN"
_WEDDING = "Backyard_ceremony_wedding_photography_xxxxxxx_"
_GUID = "146A6807-3E2F-4846-8651-CBA72786F130"
_FACES = "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋"  # 46 UTF-16 units

PAIRS = [
    # Until 2024.
    ("PXL_20211013_220651983.jpg", "PXL_20211013_220651983.jpg.json"),
    ("DSC_0100.JPG", "DSC_0100.JPG.json"),
    ("IMG_2710.HEIC", "IMG_2710.HEIC.json"),
    ("PXL_20231118_035751175.MP.jpg", "PXL_20231118_035751175.MP.jpg.json"),
    ("PXL_20210102_221126856.MP~2.jpg", "PXL_20210102_221126856.MP~2.jpg.json"),
    ("MVIMG_20190101_120000.jpg", "MVIMG_20190101_120000.jpg.json"),
    ("[UNSET].jpg", "[UNSET].jpg.json"),
    ("03.03.13 - 1", "03.03.13 - 1.json"),
    ("A & B_s cat.jpg", "A & B_s cat.jpg.json"),
    ("Urlaub in Österreich.jpg", "Urlaub in Österreich.jpg.json"),
    ("2013-12-03.jpg", "2013-12-03.json"),
    ("IMG_0001.jpg", "IMG_0001.json"),
    # Since 2024, whole and cut.
    ("IMG_0022.HEIC", "IMG_0022.HEIC.supplemental-metadata.json"),
    ("IMG_20200920_131207.jpg", "IMG_20200920_131207.jpg.supplemental-metadata.json"),
    ("IMG_20250112_100426.jpg", "IMG_20250112_100426.jpg.supplemental-metadata.json"),
    ("IMG20240221145914~2.jpg", "IMG20240221145914~2.jpg.supplemental-metadata.json"),
    ("2020-12-04-15-01-17-685.jpg", "2020-12-04-15-01-17-685.jpg.supplemental-metad.json"),
    ("5142914356_01611c5b98_o.jpg", "5142914356_01611c5b98_o.jpg.supplemental-metad.json"),
    ("PXL_20220101_123456789.jpg", "PXL_20220101_123456789.jpg.supplemental-metada.json"),
    ("Screenshot_20201231-101010.png", "Screenshot_20201231-101010.png.supplemental-me.json"),
    ("Screenshot_2017-07-05-10-05-26.png", "Screenshot_2017-07-05-10-05-26.png.supplementa.json"),
    ("Screenshot_20241227_105539_Edge.jpg", "Screenshot_20241227_105539_Edge.jpg.supplement.json"),
    ("PXL_20231118_035751175.PORTRAIT.jpg", "PXL_20231118_035751175.PORTRAIT.jpg.supplement.json"),
    (f"{_GUID}.jpg", f"{_GUID}.jpg.suppl.json"),
    ("D7157814-D2D5-4A62-AFCE-9CF465CB7D66.jpeg", "D7157814-D2D5-4A62-AFCE-9CF465CB7D66.jpeg.supp.json"),
    ("Whiteboard from the kick-off in Bern 01.jpg", "Whiteboard from the kick-off in Bern 01.jpg.su.json"),
    ("Whiteboard from the kick-off in Berne 01.jpg", "Whiteboard from the kick-off in Berne 01.jpg.s.json"),
    ("Whiteboard from the kick-off in Berlin 01.jpg", "Whiteboard from the kick-off in Berlin 01.jpg..json"),
    # So long that the title itself is cut.
    ("Whiteboard from the kick-off in Bologna 01.jpg", "Whiteboard from the kick-off in Bologna 01.jpg.json"),
    ("05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg", "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json"),
    ("13039_327707840323_537645323_9470255_27214_n.jpg", "13039_327707840323_537645323_9470255_27214_n.j.json"),
    ("Screenshot_20220207_102421_com.snapchat.android.jpg", "Screenshot_20220207_102421_com.snapchat.androi.json"),
    ("71039584209__1ABD4D4A-AE7D-42F7-BB82-A8A4B5EC34.jpg", "71039584209__1ABD4D4A-AE7D-42F7-BB82-A8A4B5EC3.json"),
    ("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg", "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"),
    (f"{_ORIGIN}A.jpg", f"{_ORIGIN}.json"),
    (f"{_FACES}😛.jpg", f"{_FACES}.json"),
    # Told apart by a number.
    ("DSC_0101(1).JPG", "DSC_0101.JPG(1).json"),
    ("IMG_2710(1).HEIC", "IMG_2710.HEIC(1).json"),
    ("IMG_2710(12).HEIC", "IMG_2710.HEIC(12).json"),
    ("PIC_0003(1).JPG", "PIC_0003.JPG.supplemental-metadata(1).json"),
    ("IMG_0175(1).HEIC", "IMG_0175.HEIC.supplemental-metad(1).json"),
    ("MP(1).jpg", "MP.jpg.supplemental-met(1).json"),
    ("IMG_20201010_194629_966(1).jpg", "IMG_20201010_194629_966.jpg.supplemental-metad(1).json"),
    (f"{_GUID}(1).jpg", f"{_GUID}.jpg.suppl(1).json"),
    ("image(2).jpg", "image(2).jpg..json"),
    ("image(1).png", "image(1).png.supplemental-metadata.json"),
    ("2013-12-03(1).jpg", "2013-12-03(1).json"),
    (f"{_WEDDING}m(494).jpg", f"{_WEDDING}(494).json"),
    ("13039_327707840323_537645323_9470255_27214_n(1).jpg", "13039_327707840323_537645323_9470255_27214_n.j(1).json"),
    # Edited, in whatever language.
    ("IMG_1234-edited.jpg", "IMG_1234.jpg.json"),
    ("IMG_20200920_131207-edited.jpg", "IMG_20200920_131207.jpg.supplemental-metadata.json"),
    ("IMG_1234-bearbeitet.jpg", "IMG_1234.jpg.supplemental-metadata.json"),
    ("PXL_20220405_090123740.PORTRAIT-modifié.jpg", "PXL_20220405_090123740.PORTRAIT.jpg.json"),
    ("IMG_1234-ha editado.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-modificato.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-bewerkt.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-edytowane.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-編集済み.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-editado.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-effects.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-edited.jpg", "IMG_1234.HEIC.supplemental-metadata.json"),
    ("IMG_1234-edited(1).jpg", "IMG_1234.jpg(1).json"),
    ("IMG_1234(1)-edited.jpg", "IMG_1234.jpg.supplemental-metadata(1).json"),
    ("20180905_180723-ANIMATION-edited.gif", "20180905_180723-ANIMATION.gif.supplemental-met.json"),
    ("Whiteboard from the kick-off in Bern 2019 01-ha.jpg", "Whiteboard from the kick-off in Bern 2019 01.jp.json"),
    ("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg", "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"),
    # Saved anew in another format.
    ("IMG_1234.jpg", "IMG_1234.HEIC.json"),
    ("DSC_0100.jpg", "DSC_0100.JPG.json"),
]  # fmt: skip


@pytest.mark.parametrize(("photo", "sidecar"), PAIRS)
def test_a_photo_finds_what_is_said_of_it(photo: str, sidecar: str) -> None:
    others = [
        "metadata.json",
        "IMG_9999.jpg.json",
        "IMG_9999.jpg(1).json",
        "DSC_7777.JPG.supplemental-metadata.json",
    ]
    assert Sidecars([*others, sidecar]).of(photo) == sidecar


@pytest.mark.parametrize(("photo", "sidecar"), [
    ("PXL_20211013_220651958.jpg", "PXL_20211013_220651983.jpg.json"),
    ("PXL_20220405_090123741.PORTRAIT-modifié.jpg", "PXL_20220405_090123740.PORTRAIT.jpg.json"),
    ("DSC_0102(1).JPG", "DSC_0102.JPG(2).json"),
    ("DSC_0103.JPG", "DSC_0103.JPG(1).json"),
    ("DSC_0104(1).JPG", "DSC_0104.JPG.json"),
    ("20180905_180723(0).jpg", "20180905_180723.jpg.supplemental-metadata.json"),
    (f"{_WEDDING}m(185).jpg", f"{_WEDDING}(494).json"),
    ("IMG_1234.jpg", "IMG_12345.jpg.json"),
    ("IMG_12345.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234-2.jpg", "IMG_1234.jpg.json"),
    ("IMG_1234.jpg", "metadata.json"),
    ("IMG_1234.jpg", "IMG_1234.jpg.supplementary.json"),
])  # fmt: skip
def test_what_is_said_of_another_is_not_taken(photo: str, sidecar: str) -> None:
    assert Sidecars([sidecar]).of(photo) is None


@pytest.mark.parametrize(("photo", "sidecars"), [
    ("PIC_0003.JPG", ["PIC_0003.JPG.supplemental-metadata.json", "PIC_0003.JPG.supplemental-metadata(1).json"]),
    ("PIC_0003(1).JPG", ["PIC_0003.JPG.supplemental-metadata(1).json", "PIC_0003.JPG.supplemental-metadata.json"]),
    ("IMG_1234.jpg", ["IMG_1234.jpg.json", "IMG_1234.HEIC.json", "IMG_1234.json"]),
    ("IMG_1234.HEIC", ["IMG_1234.HEIC.json", "IMG_1234.jpg.json"]),
    ("Trip-beach.jpg", ["Trip-beach.jpg.json", "Trip.jpg.json"]),
    (f"{_WEDDING}m(2).jpg", [f"{_WEDDING}(2).json", f"{_WEDDING}(1).json", f"{_WEDDING}.json"]),
    ("IMG_1(1).jpg", ["IMG_1(1).jpg.json", "IMG_1.jpg.json"]),
    ("IMG_1-edited(1).jpg", ["IMG_1.jpg(1).json", "IMG_1.jpg.json"]),
])  # fmt: skip
def test_of_several_the_nearest_is_taken(photo: str, sidecars: list[str]) -> None:
    assert Sidecars(sidecars).of(photo) == sidecars[0]
    assert Sidecars(reversed(sidecars)).of(photo) == sidecars[0]


def test_accents_may_be_written_in_two_ways() -> None:
    assert Sidecars(["modifie\u0301.jpg.json"]).of("modifi\u00e9.jpg") == "modifie\u0301.jpg.json"


def test_edited_copies_are_known() -> None:
    names = {
        "IMG_1.HEIC",
        "IMG_1-edited.jpg",
        "IMG_1(1).HEIC",
        "IMG_1-bearbeitet(1).jpg",
        "IMG-2.jpg",
        "Trip-day.jpg",
    }
    assert edited(names) == {"IMG_1-edited.jpg", "IMG_1-bearbeitet(1).jpg"}


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=5))
def test_any_names_can_be_asked_about(photo: str, sidecars: list[str]) -> None:
    found = Sidecars(f"{name}.json" for name in sidecars).of(photo)
    assert found is None or found.removesuffix(".json") in sidecars
