import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.store.scrub import MASK, scrub

B64 = "Zx9yKq3LmN8pRs2TvWd5AbCe7FgHj4Qu"
SECRETS = [
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAY34FZKBOKMUTVV7A",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2" * 9,
    "glpat-" + "x" * 20,
    "xoxb-" + "1234567890-abcdef",
    "AIza" + "Sy" * 18,
    "sk-proj-" + "a" * 24,
    "sk_live_" + "a1" * 12,
    "npm_" + "a1B2" * 9,
    "pypi-" + "AgEI" * 9,
    "hf_" + "a1B2" * 9,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "wJalrXUtnFEMI1K7MDENG2bPxRfiCY3EXAMPL4KEY",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "around", ["{}", "python test {} pytest", "call('{}')", "x={};", "\u201c{}\u201d\n"]
)
def test_the_keys_of_the_usual_issuers_are_taken_out(secret, around):
    scrubbed = scrub(around.format(secret))
    assert MASK in scrubbed
    assert secret[6:] not in scrubbed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://app:s3cr3t@db.example/x", f"postgres://{MASK}@db.example/x"),
        ("https://token@github.com/o/r", f"https://{MASK}@github.com/o/r"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: {MASK} {MASK}"),
        ("curl -H 'bearer abcdefgh12'", f"curl -H 'bearer {MASK}'"),
        ("password=hunter2 next", f"password={MASK} next"),
        ('{"api_key": "k-1", "n": 1}', f'{{"api_key": "{MASK}", "n": 1}}'),
        ("DB_PASSWORD='a b c'", f"DB_PASSWORD='{MASK}'"),
        ("aws_secret_access_key = abc/def+1", f"aws_secret_access_key = {MASK}"),
        ("mysql --password hunter2 -h x", f"mysql --password {MASK} -h x"),
        (
            "key -----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- end",
            f"key {MASK} end",
        ),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\ncut off", MASK),
    ],
)
def test_secrets_are_known_by_what_stands_before_them(text, expected):
    assert scrub(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "python test test_checkout_empties_cart pytest asyncio imports httpx",
        "test_reset_password_sends_token class TestAuthTokenRefresh",
        "0db34be4c1d2f3a4b5c6d7e8f90123456789abcd",  # a commit
        "testParsesHTTPResponsesWithStatus404AndRetriesTwice",
        "https://example.org/path?page=2#top",
        "src/components/VeryLongComponentNameForTheCheckoutPage/index.tsx",
        "SELECT token FROM sessions",
        "1 failed, 3 passed: test_parse_amount: decimal.InvalidOperation",
        "passing: 3, passes=4, author: Ann",
        "f3b1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
    ],
)
def test_names_paths_and_commits_stay(text):
    assert scrub(text) == text


@given(st.text())
def test_any_text_can_be_scrubbed_and_twice_is_once(text):
    once = scrub(text)
    assert scrub(once) == once


@pytest.mark.parametrize(
    "hostile",
    ["a" * 4000, "password=" * 500, "-token " * 600, "http://" * 600, "eyJ" * 1300, "a-" * 2000,
     "-----BEGIN PRIVATE KEY-----" * 150, "sk-" * 1300, "bearer " * 500, "\"'" * 2000],
)  # fmt: skip
def test_hostile_text_takes_no_more_than_a_moment(hostile):
    start = time.perf_counter()
    scrub(hostile)
    assert time.perf_counter() - start < 0.5  # about 2 ms; a quadratic pattern takes seconds
