import pytest

from consent.domain.base64 import decoded, encoded
from consent.errors import InvalidProof


def test_bytes_come_back_as_they_were():
    assert decoded(encoded(b"\0\xff\x10")) == b"\0\xff\x10"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("AAB=", id="trailing bits"),
        pytest.param("AAA", id="no padding"),
        pytest.param("AA A=", id="a space"),
        pytest.param("AA-_", id="the alphabet of URLs"),
        pytest.param("AAA=\n", id="a newline"),
        pytest.param("ÄÄÄÄ", id="no ASCII"),
    ],
)
def test_the_same_bytes_in_other_words_are_refused(text):
    with pytest.raises(InvalidProof):
        decoded(text)


def test_the_length_can_be_asked_for():
    assert decoded("AAA=", 2) == b"\0\0"
    with pytest.raises(InvalidProof):
        decoded("AAA=", 3)
