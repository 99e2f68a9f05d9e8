; Each turn of the loop waits for the one before; independent work could run together.
; Source: https://eslint.org/docs/latest/rules/no-await-in-loop
((await_expression) @here
  (#awaited-in-loop? @here)
  (#set! category "async")
  (#set! message "each turn of the loop waits for the one before it"))

((for_in_statement "await" @here) @loop
  (#awaited-in-loop? @loop)
  (#set! category "async")
  (#set! message "each turn of the outer loop waits for all of this one"))

; JavaScript's grammar reads `await (0, f)(x)`, as compilers write it, as a call of something `await`.
((call_expression function: (call_expression function: (identifier) @word)) @here
  (#eq? @word "await")
  (#awaited-in-loop? @here)
  (#set! category "async")
  (#set! message "each turn of the loop waits for the one before it"))
