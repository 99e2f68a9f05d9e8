; Without a check of the certificate anyone between the two ends can read and change what is sent.
; Source: https://cwe.mitre.org/data/definitions/295.html
((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "rejectUnauthorized" "strictSSL")
  (#eq? @value "false")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "the server's certificate is not checked"))

((assignment_expression left: (_) @name right: (_) @value) @reach
  (#match? @name "\\.(?:NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized|strictSSL)$")
  (#match? @value "^(?:['\"]0['\"]|0|false)$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is set so that certificates are not checked"))
