; A test (or suite) with a table is run once per row.
; Source: https://vitest.dev/api/#test-each
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#runner? @callee @args "each")
  (#set! category "tests")
  (#set! message "`{name}` is run once for each row of its table"))
