"""Certificates as text come back as they went in; edited text is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.adapters.keys.armored_text import armored, read_armored
from bongsu.vocabulary.errors import PeerViolation


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_blocks_come_back_as_they_went_in(blocks: list[bytes]) -> None:
    text = "".join(armored("CERTIFICATE", block) for block in blocks)
    assert read_armored(text, "CERTIFICATE", where="file") == tuple(blocks)


def test_lines_are_short_enough_for_any_mail_program() -> None:
    assert max(len(line) for line in armored("CERTIFICATE", bytes(500)).splitlines()) <= 64


TEXT = armored("CERTIFICATE", b"some bytes that take a line.")


@pytest.mark.parametrize(
    "text",
    [
        "hello\n" + TEXT,
        TEXT + "trailing",
        TEXT.replace("CERTIFICATE", "GUIDELINE"),
        TEXT.replace("END BONGSU", "END OTHER"),
        TEXT.replace("=", ""),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("c29t", "c29\nt"),
        TEXT.replace("c29t", "c29t===="),
        TEXT[:-1],
    ],
)
def test_an_edited_text_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(PeerViolation, match="KR.certificates"):
        read_armored(text, "CERTIFICATE", where="KR.certificates")


def test_more_blocks_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bongsu.adapters.keys.armored_text.MAXIMUM_BLOCKS", 2)
    with pytest.raises(PeerViolation):
        read_armored(TEXT * 3, "CERTIFICATE", where="file")
