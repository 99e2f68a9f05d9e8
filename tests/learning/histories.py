"""Histories with a known truth: who succeeds at what and why, and what people do next."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

DAY = 86_400.0
START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@dataclass
class Row:
    user: str
    session: str
    time: float
    skill: str
    success: bool
    duration_s: float | None
    project: str = ""
    language: str = ""
    rate: float = 0.5  # the true one


def toss(rng, it, x):
    it.rate = sigmoid(x)
    it.success = rng.random() < it.rate


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def uses(rng, n_rows, n_users, n_skills, days) -> list[Row]:
    """Sessions of random skills, in office hours, without outcomes."""
    rows: list[Row] = []
    weights = [1 / (1 + i) ** 0.7 for i in range(n_skills)]
    number = 0
    while len(rows) < n_rows:
        user = f"user-{rng.randrange(n_users)}"
        number += 1
        day = rng.randrange(days)
        at = START + day * DAY + min(23.0, max(0.0, rng.gauss(13, 3.5))) * 3600
        project = f"project-{rng.randrange(4)}"
        for _ in range(rng.randint(3, 25)):
            skill = f"skill-{rng.choices(range(n_skills), weights)[0]}"
            duration = rng.lognormvariate(1.0, 1.0)
            rows.append(Row(user, f"{user}-{number}", round(at, 1), skill, True, duration, project))
            at += duration + rng.expovariate(1 / 120)
    rows.sort(key=lambda it: it.time)
    return rows[:n_rows]


def additive(
    seed, n_rows=10_000, n_users=20, n_skills=30, days=60, base=0.5, spread=1.0, sees_project=True
):
    """User, skill, user with skill, project and hour add up."""
    rng = random.Random(seed)
    rows = uses(rng, n_rows, n_users, n_skills, days)
    of_user, of_skill, of_pair, of_project = (Lazy(rng, s * spread) for s in (0.6, 0.9, 0.5, 0.4))
    for it in rows:
        hour = it.time % DAY / 3600
        x = (
            base
            + of_user[it.user]
            + of_skill[it.skill]
            + of_pair[it.user, it.skill]
            + of_project[it.project, it.skill]
        )
        x -= 0.6 * spread * (hour > 17)
        toss(rng, it, x)
        if not sees_project:
            it.project = ""
    return rows


def streaks(seed, n_rows=10_000, n_users=20, n_skills=30, days=60):
    """What went well last goes well again, for the skill and for the user."""
    rng = random.Random(seed)
    rows = uses(rng, n_rows, n_users, n_skills, days)
    of_user, of_skill, last, last_of = Lazy(rng, 0.4), Lazy(rng, 0.7), {}, {}
    for it in rows:
        x = 0.4 + of_user[it.user] + of_skill[it.skill]
        x += 0.7 * last.get(it.user, 0) + 0.7 * last_of.get((it.user, it.skill), 0)
        toss(rng, it, x)
        last[it.user] = last_of[it.user, it.skill] = 1 if it.success else -1
    return rows


def drifting(seed, n_rows=10_000, n_users=20, n_skills=30, days=60):
    """Skills grow easier and harder from day to day; users learn."""
    rng = random.Random(seed)
    rows = uses(rng, n_rows, n_users, n_skills, days)
    of_user, of_skill, done, today = Lazy(rng, 0.5), Lazy(rng, 0.8), {}, 0
    for it in rows:
        day = int(it.time // DAY)
        if day != today:
            today = day
            for key in of_skill.values:
                of_skill.values[key] += rng.gauss(0, 0.2)
        done[it.user, it.skill] = n = done.get((it.user, it.skill), 0) + 1
        x = of_user[it.user] + of_skill[it.skill] + 0.25 * math.log(n)
        toss(rng, it, x)
    return rows


def interacting(seed, n_rows=10_000, n_users=20, n_skills=30, days=60):
    """Kinds of users and kinds of skills fit or do not; some tire at night, some in the morning."""
    rng = random.Random(seed)
    rows = uses(rng, n_rows, n_users, n_skills, days)
    kind, fit = Lazy(rng, 1.0), Lazy(rng, 1.0)
    for it in rows:
        hour = it.time % DAY / 3600
        x = 0.6 + fit[kind[it.user] > 0, hash_of(it.skill) % 5] + 0.4 * kind[it.skill]
        x += 0.8 * math.tanh(kind[it.user]) * (1 if hour < 12 else -1)
        toss(rng, it, x)
    return rows


def coin(seed, n_rows=10_000, n_users=20, n_skills=30, days=60, rate=0.5):
    """Nothing can be known."""
    rng = random.Random(seed)
    rows = uses(rng, n_rows, n_users, n_skills, days)
    for it in rows:
        it.success = rng.random() < rate
    return rows


class Lazy:
    """Random effects, drawn when they are first asked for."""

    def __init__(self, rng, spread):
        self.rng, self.spread, self.values = rng, spread, {}

    def __getitem__(self, key):
        if key not in self.values:
            self.values[key] = self.rng.gauss(0, self.spread)
        return self.values[key]


def hash_of(text: str) -> int:
    return sum(map(ord, text))


# -- what comes next -----------------------------------------------------------------------------


def walks(seed, next_skill: Callable, n_rows=5_000, n_users=15) -> list[Row]:
    """Sessions in which each skill follows from what the user did before."""
    rng = random.Random(seed)
    rows: list[Row] = []
    clocks = {f"user-{i}": START + rng.random() * DAY for i in range(n_users)}
    n_sessions = 0
    while len(rows) < n_rows:
        user = min(clocks, key=clocks.get)
        n_sessions += 1
        at, done = clocks[user], []
        for _ in range(rng.randint(4, 20)):
            skill = next_skill(rng, user, done, at)
            success = rng.random() < 0.65
            rows.append(Row(user, f"{user}-{n_sessions}", round(at, 1), skill, success, 5.0))
            done.append((skill, success))
            at += 6 + rng.expovariate(1 / 60)
        clocks[user] = at + rng.expovariate(1 / (8 * 3600)) + 4_000
    rows.sort(key=lambda it: it.time)
    return rows[:n_rows]


def skills_of(n: int) -> list[str]:
    return [f"skill-{i}" for i in range(n)]


def habits(seed, n_rows=5_000, n_users=15, n_skills=25, order=1, noise=0.2):
    """Each user has own habits: what follows the last, or the last two, is mostly fixed."""
    table: dict = {}
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)

    def step(rng, user, done, at):
        if rng.random() < noise:
            return rng.choice(names)
        key = (user, *(it[0] for it in done[-order:]))
        if key not in table:
            table[key] = inner.sample(names, 2)
        return table[key][rng.random() < 0.2]

    return walks(seed, step, n_rows, n_users)


def after_outcomes(seed, n_rows=5_000, n_users=15, n_skills=25):
    """What follows depends on whether the last went well."""
    table: dict = {}
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)

    def step(rng, user, done, at):
        if not done or rng.random() < 0.2:
            return rng.choice(names)
        key = (user, *done[-1])
        return table.setdefault(key, inner.choice(names))

    return walks(seed, step, n_rows, n_users)


def shared_chain(seed, n_rows=5_000, n_users=15, n_skills=25):
    """Everyone follows one order-1 chain: nothing is personal."""
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)
    table = {it: [inner.random() ** 4 for _ in names] for it in ("", *names)}

    def step(rng, user, done, at):
        return rng.choices(names, table[done[-1][0] if done else ""])[0]

    return walks(seed, step, n_rows, n_users)


def own_chain(seed, n_rows=5_000, n_users=15, n_skills=25):
    """Each user follows an order-1 chain of their own."""
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)
    table: dict = {}

    def step(rng, user, done, at):
        key = user, done[-1][0] if done else ""
        if key not in table:
            table[key] = [inner.random() ** 6 for _ in names]
        return rng.choices(names, table[key])[0]

    return walks(seed, step, n_rows, n_users)


def aimless(seed, n_rows=5_000, n_users=15, n_skills=25):
    """Any skill follows any."""
    names = skills_of(n_skills)
    return walks(seed, lambda rng, *_: rng.choice(names), n_rows, n_users)


def favourites(seed, n_rows=5_000, n_users=15, n_skills=25):
    """Users have favourites, in no order."""
    inner = random.Random(seed + 1)
    weights = Lazy(inner, 1.5)
    names = skills_of(n_skills)

    def step(rng, user, done, at):
        return rng.choices(names, [math.exp(weights[user, it]) for it in names])[0]

    return walks(seed, step, n_rows, n_users)


def moving_habits(seed, n_rows=5_000, n_users=15, n_skills=25):
    """Own habits that change every two days."""
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)
    table: dict = {}

    def step(rng, user, done, at):
        if rng.random() < 0.2:
            return rng.choice(names)
        key = user, done[-1][0] if done else "", int(at // (2 * DAY))
        return table.setdefault(key, inner.choice(names))

    return walks(seed, step, n_rows, n_users)


def by_the_clock(seed, n_rows=5_000, n_users=15, n_skills=25):
    """What is used depends on the user and the hour."""
    inner = random.Random(seed + 1)
    names = skills_of(n_skills)
    table: dict = {}

    def step(rng, user, done, at):
        if rng.random() < 0.3:
            return rng.choice(names)
        key = user, int(at % DAY // 10_800)
        return rng.choice(table.setdefault(key, inner.sample(names, 2)))

    return walks(seed, step, n_rows, n_users)


SUCCESS = {
    "additive": additive,
    "streaks": streaks,
    "drifting": drifting,
    "interacting": interacting,
}
HABITS = {
    "habits": habits,
    "habits of two": lambda seed, **kw: habits(seed, order=2, **kw),
    "after outcomes": after_outcomes,
    "moving habits": moving_habits,
    "by the clock": by_the_clock,
}
NO_HABITS = {
    "shared chain": shared_chain,
    "own chain": own_chain,
    "aimless": aimless,
    "favourites": favourites,
}
