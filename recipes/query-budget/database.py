"""A database whose queries are paid for: estimated, reserved, run, and settled at what they took.

A unit is 1,000 steps of SQLite's virtual machine.
"""

import contextlib
import math
import re
import sqlite3
import time

import tollgate

NAMESPACE = "queries"
UNIT_STEPS = 1_000
# What a row of a simple query takes, seen by trying some.
ROW_STEPS = 10
# Units beyond its estimate after which a query is stopped.
OVERRUN = 2_000
# A query ends before its reservation does, so that it is always settled.
QUERY_SECONDS = 5
RESERVATION_MS = 10_000
MOST_ROWS = 1_000

# Reading, and nothing else: who asks is a stranger.
READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


class Denied(Exception):
    """The budget has no room for the query; `fits` is the most that it has room for."""

    def __init__(self, answer, estimated, fits):
        super().__init__(answer["code"])
        self.answer, self.estimated, self.fits = answer, estimated, fits


class Stopped(Exception):
    """The query failed or took too much; `charged` is what it took until then."""

    def __init__(self, why, estimated, charged):
        super().__init__(why)
        self.estimated, self.charged = estimated, charged


class Database:
    """An SQLite file, for any number of threads."""

    def __init__(self, path, limiter):
        self._path, self._limiter = path, limiter

    def query(self, user, sql):
        """Rows, what they were estimated at, and what was charged.

        Raises sqlite3's own errors for what is no query, else Denied or Stopped.
        """
        with contextlib.closing(self._open()) as database:
            estimated = estimate(database, sql)
            answer = self._limiter.reserve(user, NAMESPACE, estimated, RESERVATION_MS)
            if not answer["allowed"]:
                raise Denied(answer, estimated, self._fits(user, estimated))
            reservation = answer.get("reservation_id")
            meter = Meter(estimated + OVERRUN)
            database.set_progress_handler(meter.count, UNIT_STEPS)
            try:
                rows = database.execute(sql).fetchmany(MOST_ROWS)
            except sqlite3.Error as error:
                charged = self._settle(reservation, estimated, meter.units)
                raise Stopped(meter.why or str(error), estimated, charged) from error
            # A query costs a unit at least.
            return rows, estimated, self._settle(reservation, estimated, max(1, meter.units))

    def _open(self):
        database = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        database.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
        )
        return database

    def _settle(self, reservation, estimated, used):
        """What is charged: nothing if nobody was asked, the estimate if nobody answers."""
        if reservation is None:
            return 0
        how, body = ("commit", {"actual": used}) if used else ("cancel", {})
        try:
            self._limiter.call(f"/v1/reservations/{reservation}:{how}", body)
            return used
        except (tollgate.Away, tollgate.Refused):
            return estimated

    def _fits(self, user, cost):
        """The largest estimate that would pass now; None when nobody says."""
        question = {"identifier": user, "namespace": NAMESPACE, "cost": cost}
        try:
            return self._limiter.call("/v1/check:explain", question)["counterfactual"]["cost"]
        except tollgate.Away:
            return None


class Meter:
    """Counts the units of a running query, and stops it when they are too many."""

    def __init__(self, most):
        self.units, self.why = 0, None
        self._most = most
        self._end = time.monotonic() + QUERY_SECONDS

    def count(self):
        self.units += 1
        if self.units >= self._most:
            self.why = f"stopped after {self.units} units"
        elif time.monotonic() > self._end:
            self.why = f"stopped after {QUERY_SECONDS} s"
        return self.why is not None


def estimate(database, sql):
    """Units that a query takes by its plan: the rows of its loops, each within the one before.

    It may be wrong by far, as any planner's: that is what settling is for.
    """
    rows, per_key = statistics(database)
    read = 1
    for *_, step in database.execute(f"EXPLAIN QUERY PLAN {sql}"):
        if loop := re.match(r"(SCAN|SEARCH) (?:TABLE )?(\S+)", step):
            how, table = loop.groups()
            index = re.search(r" INDEX (\S+) \(", step)
            if how == "SEARCH":
                read *= per_key.get(index.group(1), 1) if index else 1
            elif table != "CONSTANT":
                # A table under another name is taken for the largest.
                read *= rows.get(table, max(rows.values(), default=1))
    return max(1, math.ceil(read * ROW_STEPS / UNIT_STEPS))


def statistics(database):
    """What ANALYZE has found: the rows of each table, and those of one key of each index."""
    rows, per_key = {}, {}
    for table, index, numbers in database.execute("SELECT tbl, idx, stat FROM sqlite_stat1"):
        first, *more = numbers.split()
        rows[table] = int(first)
        if index and more:
            per_key[index] = int(more[0])
    return rows, per_key
