; A test whose function is async: a promise in it that is not awaited fails after the test has passed.
; Source: https://vitest.dev/api/#test
((call_expression function: (_) @callee
    arguments: (arguments [(arrow_function "async" @here) (function_expression "async" @here)]) @args) @reach
  (#runner? @callee @args "test")
  (#set! category "tests")
  (#set! message "`{name}` is an async test; each promise in it must be awaited"))
