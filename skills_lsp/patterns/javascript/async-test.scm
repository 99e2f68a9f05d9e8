; A test whose function is async: a promise in it that is not awaited fails after the test has passed.
; Source: https://vitest.dev/api/#test
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "test")
  (#runner? @callee @args "async")
  (#set! category "tests")
  (#set! here "async")
  (#set! message "`{name}` is an async test; each promise in it must be awaited"))
