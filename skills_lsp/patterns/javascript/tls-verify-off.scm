; Without a check of the certificate anyone between the two ends can read and change what is sent.
; Source: https://cwe.mitre.org/data/definitions/295.html
((pair key: (property_identifier) @name value: (false)) @here
  (#any-of? @name "rejectUnauthorized" "strictSSL")
  (#set! category "security")
  (#set! message "the server's certificate is not checked"))

((assignment_expression left: (member_expression property: (property_identifier) @name) right: (_) @value) @here
  (#any-of? @name "NODE_TLS_REJECT_UNAUTHORIZED" "rejectUnauthorized" "strictSSL")
  (#match? @value "^(?:['\"]0['\"]|0|false)$")
  (#set! category "security")
  (#set! message "`{name}` is set so that certificates are not checked"))
