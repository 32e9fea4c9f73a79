import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from consent.domain import entries
from consent.domain.vocabulary import Kind
from tests.factories import NOW, SECRET, choice, make_publication, make_terms

RECORD = choice(make_terms(), {"analytics": "granted"}).following(None, 1, NOW)


def test_bytes_say_what_the_body_says():
    for body in (RECORD, make_publication()):
        assert entries.decode(entries.encode(body)) == body


def test_the_kind_is_part_of_the_bytes():
    assert entries.kind_of(RECORD) is Kind.RECORD
    assert entries.kind_of(make_publication()) is Kind.PUBLICATION
    assert b'"kind":"record"' in entries.encode(RECORD)


def test_a_commitment_needs_salt_and_body():
    body, salt = entries.encode(RECORD), bytes(range(32))

    found = entries.commitment(body, salt)

    assert found == hmac.new(salt, body, hashlib.sha256).digest()
    assert found != entries.commitment(body, bytes(32))


def test_a_subject_is_what_the_contract_says():
    secret = bytes.fromhex(SECRET)
    expected = hashlib.sha256(b"consent-subject/v1\nshop\0" + secret).digest()[:16]

    assert entries.subject_of("shop", secret) == expected


@given(st.binary(min_size=16, max_size=16))
def test_one_secret_is_two_subjects_on_two_sites(secret):
    assert entries.subject_of("one", secret) != entries.subject_of("two", secret)
