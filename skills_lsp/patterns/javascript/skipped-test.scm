; A skipped test checks nothing; it is easily forgotten once its reason is gone.
; Source: https://vitest.dev/api/#test-skip
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "skipped" "skipIf")
  (#set! category "tests")
  (#set! message "`{name}` is skipped, always or under a condition"))
