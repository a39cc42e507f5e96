"""Who does the work makes no difference; and a worker that dies takes nothing with it."""

import os
import signal
import subprocess
import sys
import time
from itertools import count

import numpy as np
import pytest
from distributed import LocalCluster

import ooms
from ooms.batch.addresses import Question, bare
from ooms.batch.crews.base import CrewLostError
from ooms.batch.crews.cluster import Cluster
from ooms.batch.crews.processes import Processes
from ooms.batch.crews.threads import Threads
from ooms.batch.work import Failure, Part, Task, attempt, tasks
from ooms.problems import UserError

ASKED = Question(("5 ooms in 1 year",), ("time to 3 ooms",), 2**12, 0)
VIEWS = [bare(ooms.load("davidson-2025").replace(rho=rho), ASKED.quantities) for rho in (-1.0, -0.5, -0.2, -0.1)]


def some():
    """A few tasks."""
    return (task for cell, view in enumerate(VIEWS) for task in tasks(cell, view, ASKED, keep=cell == 1))


@pytest.fixture(scope="module")
def expected():
    return {task.cell: attempt(task) for task in some()}


def agrees(came, expected):
    for task, part in came:
        assert isinstance(part, Part), part
        for name in ("probability", "by_randomisation", "share", "quantile", "never"):
            np.testing.assert_array_equal(getattr(part.summary, name), getattr(expected[task.cell].summary, name))
        assert part.columns.keys() == expected[task.cell].columns.keys()
        for name, column in part.columns.items():
            np.testing.assert_array_equal(column, expected[task.cell].columns[name])
    assert sorted(task.cell for task, _ in came) == sorted(expected)


@pytest.fixture(scope="module")
def cluster():
    """Worker processes, separate from this one, on their own event loops, as on other machines."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made


@pytest.mark.parametrize("number", [1, 3])
def test_threads(number, expected):
    with Threads(number) as crew:
        agrees(list(crew.results(some())), expected)
        assert crew.description == ("1 thread" if number == 1 else "3 threads")


@pytest.mark.parametrize("number", [1, 2])
def test_processes(number, expected):
    with Processes(number) as crew:
        agrees(list(crew.results(some())), expected)


def test_a_cluster(cluster, expected):
    with Cluster(cluster.scheduler_address) as crew:
        assert "2 workers, 2 threads" in crew.description
        agrees(list(crew.results(some())), expected)


def test_few_tasks_are_taken_before_they_can_be_worked_on():
    taken = count()
    with Threads(2) as crew:
        for number, _ in enumerate(crew.results(task for task in some() if next(taken) >= 0)):
            if number == 0:
                assert next(taken) <= 4
                break


def slow(cell=0, draws=2**17):
    """A task of a quarter of a second or so."""
    asked = Question(("5 ooms in 1 year",), (), draws, 0)
    return next(tasks(cell, VIEWS[0], asked, keep=False))


@pytest.mark.slow
def test_a_process_that_is_killed_loses_nothing():
    expected = attempt(slow())
    with Processes(2) as crew:
        came = []
        for number, one in enumerate(crew.results(iter([*some(), slow(9), *some()]))):
            if number == 1:
                for worker in crew.workers:
                    os.kill(worker, signal.SIGKILL)
            came.append(one)
    assert len(came) == 9
    assert all(isinstance(part, Part) for _, part in came)
    (found,) = (part for task, part in came if task.cell == 9)
    np.testing.assert_array_equal(found.summary.probability, expected.summary.probability)


class Deadly(Task):
    """A task that kills whoever unpacks it."""

    def __reduce__(self):
        return os._exit, (7,)


@pytest.mark.slow
def test_a_task_that_kills_its_worker_each_time_is_given_up_and_the_rest_is_done(expected):
    first = next(some())
    deadly = Deadly(99, first.view, first.question, 0, first.count)
    with Processes(2) as crew:
        came = list(crew.results(iter([deadly, *some()])))
    (failed,) = (part for task, part in came if task.cell == 99)
    assert isinstance(failed, Failure)
    assert "3 workers died" in str(failed)
    assert "exit code 7" in str(failed)
    agrees([one for one in came if one[0].cell != 99], expected)


@pytest.mark.slow
def test_a_worker_of_a_cluster_that_is_killed_loses_nothing(cluster):
    expected = attempt(slow())
    with Cluster(cluster.scheduler_address) as crew:
        came = []
        for number, one in enumerate(crew.results(iter([*some(), slow(9), *some()]))):
            if number == 0:
                victim = next(iter(cluster.workers.values()))
                os.kill(victim.process.pid, signal.SIGKILL)
            came.append(one)
    assert len(came) == 9
    assert all(isinstance(part, Part) for _, part in came)
    (found,) = (part for task, part in came if task.cell == 9)
    np.testing.assert_array_equal(found.summary.probability, expected.summary.probability)


@pytest.mark.slow
def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path):
    script = (
        "import threading, ooms\n"
        "from ooms.batch.addresses import Question, bare\n"
        "from ooms.batch.crews.processes import Processes\n"
        "from ooms.batch.work import tasks\n"
        "if __name__ == '__main__':\n"
        "    view, asked = bare(ooms.load('davidson-2025'), ()), Question(('5 ooms in 1 year',), (), 2**25, 0)\n"
        "    crew = Processes(2)\n"
        "    threading.Timer(2.0, lambda: print(*crew.workers, flush=True)).start()\n"
        "    print(list(crew.results(tasks(0, view, asked, False))))\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    with subprocess.Popen([sys.executable, tmp_path / "script.py"], stdout=subprocess.PIPE, text=True) as parent:
        workers = parent.stdout.readline().split()
        assert len(workers) == 2
        parent.kill()
    until = time.monotonic() + 20
    while any(os.path.exists(f"/proc/{worker}") for worker in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(os.path.exists(f"/proc/{worker}") for worker in workers)


def test_nobody_at_the_address_of_the_scheduler():
    with pytest.raises(UserError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"):
        Cluster("tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(monkeypatch):
    monkeypatch.setattr("ooms.batch.crews.cluster._WORKERS", 0.5)
    empty = LocalCluster(n_workers=0, processes=True, dashboard_address=":0")
    with empty, pytest.raises(UserError, match="has had no workers"):
        Cluster(empty.scheduler_address)


@pytest.mark.slow
def test_a_cluster_that_goes_away_is_told_and_nothing_hangs():
    alone = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0")
    with alone, Cluster(alone.scheduler_address) as crew:
        results = crew.results(iter([*some(), *(slow(cell) for cell in range(4, 12))]))
        assert isinstance(next(results)[1], Part)
        alone.close()
        with pytest.raises(CrewLostError, match="is gone"):
            list(results)
