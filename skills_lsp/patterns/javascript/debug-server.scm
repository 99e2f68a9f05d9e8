; Tools for developers show source, memory and environment to whoever reaches the server.
; Source: https://cwe.mitre.org/data/definitions/489.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "errorhandler" "koa-error")
  (#not-in-test-file?)
  (#not-in-branch? @reach)
  (#set! category "security")
  (#set! message "`{name}` shows the stack of each error to whoever asks; only for development"))

((string) @here
  (#debugger-flag? @here)
  (#set! category "security")
  (#set! message "whoever reaches this machine can run code through the debugger"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "inspector.open")
  (#argument-text? @args "1" "^(?:0\\.0\\.0\\.0|::)$")
  (#set! category "security")
  (#set! message "whoever reaches this machine can run code through the debugger"))
