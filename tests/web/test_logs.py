"""No log line holds what no log may hold."""

import logging

from tests.factories import SECRET, body
from tests.web.asking import post


def test_an_unforeseen_failure_is_told_without_what_was_sent(app, client, caplog):
    caplog.set_level(logging.DEBUG)
    app.extensions["consent"].follower.state("shop").publication = "broken"

    answer = client.get(
        "/v1/shop/notice?secret=in-the-query", headers={"User-Agent": "UA"}
    )

    assert answer.status_code == 500
    assert answer.json["detail"] == "Something failed on our side."
    assert "unforeseen at GET /v1/shop/notice" in caplog.text
    assert "in-the-query" not in caplog.text


def test_acts_leave_nothing_personal_in_the_log(client, caplog):
    caplog.set_level(logging.DEBUG)

    post(
        client, "records", body({"analytics": "granted"}), **{"User-Agent": "Unique/1"}
    )

    for personal in (SECRET, "Unique/1", "127.0.0.1"):
        assert personal not in caplog.text
