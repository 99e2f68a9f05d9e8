; A suite groups tests: all of them can be run together.
; Source: https://vitest.dev/api/#describe
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "suite")
  (#set! category "tests")
  (#set! message "`{name}` is a suite of tests that can be run together"))
