; What goes over telnet, FTP or unencrypted gRPC, passwords too, can be read and changed on its way.
; Source: https://cwe.mitre.org/data/definitions/319.html
((new_expression constructor: (_) @callee) @reach
  (#resolves-to? @callee
    "telnet-client" "telnet-client.Telnet" "telnet-stream.TelnetSocket" "telnet-stream.TelnetInput")
  (#set! category "security")
  (#set! message "telnet sends everything, passwords too, as plain text"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "connect")
  (#ftp-client? @callee)
  (#not-option? @args "secure" "true" "control" "implicit")
  (#not-has-splat? @args)
  (#set! category "security")
  (#set! here "property")
  (#set! message "FTP sends everything, passwords too, as plain text; ask for `secure`"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "createInsecure")
  (#match? @callee "\\b[cC]redentials\\s*\\.\\s*createInsecure$")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this connection is neither encrypted nor checked"))
