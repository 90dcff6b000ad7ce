"""Our own server starts, is found, survives, and keeps to itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from plaudit.foundation import postgres
from plaudit.foundation.postgres import process
from plaudit.foundation.postgres.account import Account, borrowed, name_of
from plaudit.foundation.postgres.places import data_of, home_of, log_of, socket_folder
from plaudit.foundation.postgres.refusals import NoServiceUser, ServerDidNotStart, StateBelongsToAnother

_START = (
    "import sys, pathlib; from plaudit.foundation.postgres import start; start(pathlib.Path(sys.argv[1]))"
)

only_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def _pid(state: Path) -> int:
    pid = postgres.status(state).pid
    assert pid is not None
    return pid


def _keep(cluster: postgres.Cluster, word: str) -> None:
    with psycopg.connect(cluster.owner_dsn()) as connection:
        connection.execute("create table if not exists kept (word text)")
        connection.execute("insert into kept values (%s)", [word])


def _kept(cluster: postgres.Cluster) -> list[str]:
    with psycopg.connect(cluster.owner_dsn()) as connection:
        return [word for (word,) in connection.execute("select word from kept order by 1")]


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("select current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_a_second_start_finds_the_first_server(shared):
    first = postgres.start(shared)
    pid = _pid(shared)

    assert postgres.start(shared) == first
    assert _pid(shared) == pid
    assert first.status().answering


def test_the_cluster_is_private_durable_and_speaks_utf8(shared):
    cluster = postgres.start(shared)

    with psycopg.connect(cluster.app_dsn()) as connection:
        assert _setting(connection, "listen_addresses") == ""
        assert _setting(connection, "data_checksums") == "on"
        assert _setting(connection, "fsync") == "on"
        assert _setting(connection, "synchronous_commit") == "on"
        locale = "select datlocprovider::text, datlocale, pg_encoding_to_char(encoding) from pg_database"
        assert set(connection.execute(locale)) == {("b", "C.UTF-8", "UTF8")}
    assert cluster.socket.stat().st_mode & 0o077 == 0


def test_the_application_role_owns_nothing_and_cannot_become_more(shared):
    cluster = postgres.start(shared)

    with psycopg.connect(cluster.app_dsn()) as connection:
        role = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        assert role == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("set role plaudit_owner")
    if os.geteuid() == 0:
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            psycopg.connect(cluster.owner_dsn(), user="postgres")


@pytest.mark.parametrize("whole", [False, True], ids=["the server alone", "with every process of it"])
def test_a_killed_server_comes_back_with_what_was_committed(shared, whole):
    _keep(postgres.start(shared), "before the kill")
    killed = _pid(shared)
    for pid in process.workers_in(data_of(shared)) if whole else [killed]:
        process.tell(pid, signal.SIGKILL)

    cluster = postgres.start(shared)

    assert _pid(shared) != killed
    assert "before the kill" in _kept(cluster)


@pytest.mark.at_length
def test_a_stopped_server_starts_again(shared):
    _keep(postgres.start(shared), "before the stop")
    pid = _pid(shared)

    postgres.stop(shared)
    assert not process.lives(pid)
    assert postgres.status(shared).pid is None
    postgres.stop(shared)

    assert "before the stop" in _kept(postgres.start(shared))


@pytest.mark.at_length
def test_a_process_number_used_again_by_a_stranger_is_not_mistaken_for_the_server(shared):
    postgres.start(shared)
    pid_file = data_of(shared) / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(_pid(shared), signal.SIGKILL)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert postgres.status(shared).pid is None
    assert postgres.start(shared).status().answering


@pytest.mark.at_length
def test_eight_starts_at_once_make_one_server(state):
    starts = [subprocess.Popen([sys.executable, "-c", _START, state]) for _ in range(8)]

    assert [start.wait(timeout=60) for start in starts] == [0] * 8
    assert log_of(state).read_text().count("starting PostgreSQL") == 1


@pytest.mark.at_length
def test_a_path_too_deep_for_a_socket_and_full_of_odd_signs_works(state):
    deep = state / 'it\'s a, "long" way' / ("down" * 25) / "here"

    cluster = postgres.start(deep)
    try:
        assert not cluster.socket.is_relative_to(deep)
        assert cluster.socket.stat().st_mode & 0o777 == 0o700
        _keep(cluster, "deep")
        assert _kept(cluster) == ["deep"]
    finally:
        postgres.remove(deep)


@pytest.mark.at_length
def test_a_server_that_cannot_start_says_why(state):
    postgres.start(state)
    postgres.stop(state)
    own = data_of(state) / "local.conf"
    own.write_text("shared_buffers = 'many'\n")

    with pytest.raises(ServerDidNotStart, match="shared_buffers"):
        postgres.start(state)


@pytest.mark.at_length
@only_as_root
def test_a_folder_the_service_user_cannot_enter_stays_closed(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    state = closed / "state"

    cluster = postgres.start(state)
    try:
        assert home_of(state) != state
        assert (home_of(state) / "origin").read_text().strip() == str(state)
        assert postgres.start(state) == cluster
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        home = home_of(state)
        postgres.remove(state)
    assert not home.exists()


@only_as_root
def test_the_server_never_runs_as_root(shared):
    postgres.start(shared)

    assert Path(f"/proc/{_pid(shared)}").stat().st_uid != 0


@pytest.mark.at_length
@only_as_root
def test_root_that_may_not_change_its_user_borrows_a_name(state):
    try:
        account = borrowed()
    except NoServiceUser:
        pytest.skip("this machine allows no user namespaces")

    cluster = postgres.start(state, account=account)

    assert data_of(state).stat().st_uid == 0
    _keep(cluster, "borrowed")
    postgres.stop(state)
    assert _kept(postgres.start(state)) == ["borrowed"]


@only_as_root
def test_an_ordinary_user_runs_a_server_of_their_own(state):
    user = Account(name="nobody", uid=65534, gid=65534, how="switch")
    if not user.can([sys.executable, "-c", "import plaudit.foundation.postgres"]):
        pytest.skip("this Python cannot be run by an ordinary user")
    os.chown(state, user.uid, user.gid)

    user.run([sys.executable, "-c", _START, state])

    owner = Path(f"/proc/{_pid(state)}").stat().st_uid
    assert name_of(owner) == "nobody"
    assert postgres.start(state).status().answering


def test_somebody_elses_state_folder_is_refused(state):
    if os.geteuid() == 0:
        pytest.skip("root may use every folder")
    with pytest.raises(StateBelongsToAnother, match="root"):
        postgres.start(Path("/usr"))


def test_a_socket_folder_that_others_may_enter_is_not_used(state):
    account = Account(name=name_of(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), how="self")
    deep = state / ("deep" * 30)
    first = socket_folder(deep, account)
    first.chmod(0o755)

    second = socket_folder(deep, account)

    assert second != first
    assert second.stat().st_mode & 0o777 == 0o700
    first.rmdir()
    second.rmdir()
