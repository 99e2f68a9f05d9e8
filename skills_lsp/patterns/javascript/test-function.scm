; A call by which a test runner registers a test: it can be run alone, now.
; Source: https://vitest.dev/api/#test
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "test")
  (#set! category "tests")
  (#set! message "`{name}` is a test that can be run alone"))
