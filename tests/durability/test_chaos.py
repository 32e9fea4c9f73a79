"""Writers and integrators killed again and again: one ledger all the same."""

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

import pytest

from consent.domain import checkpoints, merkle
from consent.domain.entries import Erasure, Record, subject_of
from consent.domain.tokens import private_key
from consent.services import audits, subjects
from consent.services.ledgers import rebuild
from tests.durability.posting import HEADERS, grants
from tests.factories import CHECKPOINT_KEY, ORIGIN_OF_LEDGER, SITE
from tests.running import kill

SECONDS = 25
SERVERS = 4
CLIENTS = 8
ERASED_EVERY = 25
CHECKPOINT = f"/v1/{SITE}/ledger/checkpoint"

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Crowd:
    """Visitors and an auditor, who go to whichever server answers."""

    def __init__(self, ports):
        self.acknowledged = {}
        self.notes = set()
        self._ports = ports
        self._over = threading.Event()
        jobs = [self._visit] * CLIENTS + [self._fetch] * 2
        self._threads = [
            threading.Thread(target=job, args=(random.Random(seed),))  # noqa: S311 - chance, no secret
            for seed, job in enumerate(jobs)
        ]

    @contextmanager
    def about(self):
        """Let everybody loose until the block ends."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join()

    def _visit(self, chance):
        """Post choices, each until it is acknowledged, by whomever."""
        while not self._over.is_set():
            (sent,) = grants(1)
            while not self._over.is_set():
                answer = self._ask(chance, "POST", f"/v1/{SITE}/records", sent)
                if answer is not None:
                    self.acknowledged[sent["key"]] = sent, json.loads(answer)
                    break

    def _fetch(self, chance):
        while not self._over.is_set():
            note = self._ask(chance, "GET", CHECKPOINT)
            if note is not None:
                self.notes.add(note)
            time.sleep(0.02)

    def _ask(self, chance, method, path, sent=None):
        """Ask any server; None if it is not there or goes away meanwhile."""
        port = chance.choice(self._ports)
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request(method, path, sent and json.dumps(sent), HEADERS)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            time.sleep(0.01)
            return None
        finally:
            connection.close()
        return text if answer.status in {200, 201} else None


def kill_again_and_again(service, deadline, seed):
    """Kill a server at any moment, start it again; return how often."""
    chance, kills = random.Random(seed), 0  # noqa: S311 - chance, no secret
    while time.monotonic() < deadline:
        with service.serving() as process:
            time.sleep(3 * chance.random())
            kill(process)
        kills += 1
    return kills


def erase_some(onlooker, crowd, deadline):
    """Erase visitors while others come; return the numbers of their records."""
    gone = set()
    while time.monotonic() < deadline:
        for sent, answer in list(crowd.acknowledged.values())[::ERASED_EVERY]:
            if answer["number"] not in gone:
                subject = subject_of(SITE, bytes.fromhex(sent["secret"]))
                subjects.erase(onlooker, SITE, subject)
                gone.add(answer["number"])
        time.sleep(0.05)
    return gone


@on_postgresql
@pytest.mark.timeout(240)
def test_one_ledger_comes_of_processes_that_are_killed_again_and_again(
    make_service, onlooker
):
    services = [make_service() for _ in range(SERVERS)]
    crowd = Crowd([service.port for service in services])
    deadline = time.monotonic() + SECONDS
    with crowd.about(), ThreadPoolExecutor(SERVERS + 1) as pool:
        killing = [
            pool.submit(kill_again_and_again, service, deadline, seed)
            for seed, service in enumerate(services)
        ]
        gone = pool.submit(erase_some, onlooker, crowd, deadline).result()
        kills = sum(one.result() for one in killing)
    with services[0].serving():
        crowd.notes.add(services[0].ask("GET", CHECKPOINT)[2])
    found = list(onlooker.ledger(SITE).entries())

    assert kills > SERVERS
    assert len(crowd.notes) > SERVERS
    assert gone
    assert [entry.number for entry, _ in found] == list(range(len(found)))
    assert_acknowledged(crowd.acknowledged, gone, dict(enumerate(b for _, b in found)))
    assert_signed_once_and_truly(crowd.notes, [e.commitment for e, _ in found])
    assert_whole(onlooker, crowd.notes)
    assert "not signed any more" not in (services[0].folder / "log").read_text()


def assert_acknowledged(acknowledged, gone, bodies):
    """Each act has the number that was told, unless it was erased meanwhile."""
    named = {n for b in bodies.values() if isinstance(b, Erasure) for n in b.numbers}
    assert named == gone
    for key, (_, answer) in acknowledged.items():
        body = bodies[answer["number"]]
        if answer["number"] in gone:
            assert body is None
        else:
            assert body.key.hex() == key
    records = [body.key for body in bodies.values() if isinstance(body, Record)]
    assert len(records) == len(set(records))


def assert_signed_once_and_truly(notes, commitments):
    """All checkpoints are of one tree, each size with one root, in the same bytes."""
    public = private_key(CHECKPOINT_KEY).verify_key
    read = [checkpoints.read(note, ORIGIN_OF_LEDGER, [public]) for note in notes]
    assert len({one.size for one in read}) == len(notes)
    roots, tree = {}, merkle.Frontier()
    for committed in commitments:
        tree.extend([merkle.leaf_hash(committed)])
        roots[tree.size] = tree.root()
    assert {one.size: one.root for one in read}.items() <= roots.items()


def assert_whole(onlooker, notes):
    """No guard saw a fork, no audit a fault, and every fold is a fold."""
    onlooker.integrator.examine()
    onlooker.follower.poll()
    assert onlooker.integrator.forks == {}
    assert audits.verify(onlooker, SITE, sorted(notes)).faults == ()
    assert rebuild(onlooker, SITE).differences == ()
