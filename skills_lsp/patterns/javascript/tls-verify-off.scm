; Without a check of the certificate anyone between the two ends can read and change what is sent.
; Source: https://cwe.mitre.org/data/definitions/295.html
((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "rejectUnauthorized" "strictSSL" "'rejectUnauthorized'" "\"rejectUnauthorized\"" "'strictSSL'" "\"strictSSL\"")
  (#any-of? @value "false" "!1" "0")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "the server's certificate is not checked"))

((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "NODE_TLS_REJECT_UNAUTHORIZED" "'NODE_TLS_REJECT_UNAUTHORIZED'" "\"NODE_TLS_REJECT_UNAUTHORIZED\"")
  (#any-of? @value "0" "'0'" "\"0\"" "`0`" "false")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "no server's certificate is checked by a process with this in its environment"))

((pair key: (_) @name value: (_) @value) @reach
  (#eq? @name "checkServerIdentity")
  (#match? @value "^(?:async\\s+)?(?:function\\s*\\w*\\s*\\([^()]*\\)|\\([^()]*\\)\\s*=>|\\w+\\s*=>)\\s*(?:\\{\\s*(?:return(?:\\s+(?:true|undefined|null))?\\s*;?)?\\s*\\}|undefined|null|true|void 0)$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "the name in the server's certificate is not checked"))

((assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#any-of? @property "NODE_TLS_REJECT_UNAUTHORIZED" "rejectUnauthorized" "strictSSL")
  (#match? @value "^(?:['\"`]0['\"`]|0|false|!1)$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is set so that certificates are not checked"))

((assignment_expression left: (subscript_expression index: (string) @property) @name right: (_) @value) @reach
  (#match? @property "^.(?:NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized|strictSSL).$")
  (#match? @value "^(?:['\"`]0['\"`]|0|false|!1)$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is set so that certificates are not checked"))
