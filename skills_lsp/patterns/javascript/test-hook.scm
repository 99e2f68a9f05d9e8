; Set-up and tear-down run around every test of their suite.
; Source: https://vitest.dev/api/#setup-and-teardown
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "hook")
  (#set! category "tests")
  (#set! message "this runs around the tests of its suite"))
