import os
import pathlib
import signal
import time

from shop.prices import total


def test_nothing_costs_nothing():
    assert total([]) == 0


def test_a_discount_is_taken_once():
    price = total([200, 100], 10)
    assert price == 270


def test_that_takes_for_ever():
    pathlib.Path("running.pid").write_text(str(os.getpid()))
    time.sleep(120)


def test_that_will_not_go():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path("running.pid").write_text(str(os.getpid()))
    time.sleep(120)
