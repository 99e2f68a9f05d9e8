; A statement of SQL in a string: it can be formatted, explained and checked like other code.
; Source: https://www.sqlite.org/lang.html
((variable_declarator name: (identifier) @name value: (_) @value) @reach
  (#sql? @value)
  (#constant? @value)
  (#set! category "data")
  (#set! here "value")
  (#set! message "this string is a statement of SQL"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "execute" "query" "raw" "prepare" "exec" "run" "all" "get" "each" "sql")
  (#argument-sql? @args "0")
  (#argument-constant? @args "0")
  (#set! category "data")
  (#set! message "`{name}` runs a statement of SQL"))
