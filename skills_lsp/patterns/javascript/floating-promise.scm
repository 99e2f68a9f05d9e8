; A promise that nobody waits for: its error is lost, and what follows runs too early.
; Source: https://typescript-eslint.io/rules/no-floating-promises/
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#promise? @callee)
  (#statement? @reach)
  (#set! category "async")
  (#set! here "reach")
  (#set! message "nobody waits for the promise of `{name}`, so its errors are lost"))
