; A promise that nobody waits for: its error is lost, and what follows runs too early.
; Source: https://typescript-eslint.io/rules/no-floating-promises/
((expression_statement (call_expression function: (_) @callee) @here) @reach
  (#coroutine? @callee)
  (#set! category "async")
  (#set! message "nobody waits for the promise of `{name}`, so its errors are lost"))
