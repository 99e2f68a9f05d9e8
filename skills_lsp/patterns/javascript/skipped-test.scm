; A skipped test checks nothing; it is easily forgotten once its reason is gone.
; Source: https://vitest.dev/api/#test-skip
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "skipped")
  (#set! category "tests")
  (#set! message "`{name}` is skipped, always or under a condition"))
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "test")
  (#skips-itself? @callee @args)
  (#set! category "tests")
  (#set! message "`{name}` skips itself, always or under a condition"))
