; A server that listens on all addresses can be reached from every network the machine is in.
; Source: https://cwe.mitre.org/data/definitions/605.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "listen")
  (#not-in-test-file?)
  (#argument-text? @args "1" "^(?:0\\.0\\.0\\.0|::)$")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this listens on all addresses, so every network of the machine reaches it"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "listen" "serve" "createServer")
  (#not-in-test-file?)
  (#option-text? @args "host" "^(?:0\\.0\\.0\\.0|::)$")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this listens on all addresses, so every network of the machine reaches it"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "Bun.serve" "Deno.serve" "Deno.listen")
  (#not-in-test-file?)
  (#option-text? @args "hostname" "^(?:0\\.0\\.0\\.0|::)$")
  (#set! category "security")
  (#set! message "this listens on all addresses, so every network of the machine reaches it"))
