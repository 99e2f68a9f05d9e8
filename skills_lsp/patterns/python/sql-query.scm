; A statement of SQL in a string: it can be formatted, explained and checked like other code.
; Source: https://www.sqlite.org/lang.html
((assignment left: (_) @name right: (string) @here) @reach
  (#sql? @here)
  (#constant? @here)
  (#set! category "data")
  (#set! message "this string is a statement of SQL"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#match? @callee "(?:^|[.])(?:execute|executemany|executescript|fetch|fetchrow|fetchval|raw|text|read_sql|read_sql_query)$")
  (#argument-sql? @args "0")
  (#argument-constant? @args "0")
  (#set! category "data")
  (#set! message "`{name}` runs a statement of SQL"))
