; TLS 1.0, 1.1 and SSL are broken and switched off in browsers; nothing new should speak them.
; Source: https://www.rfc-editor.org/rfc/rfc8996
((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "minVersion" "maxVersion" "secureProtocol" "TLSMinVersion" "tlsMinVersion")
  (#text? @value "^(?:SSLv[23]|TLSv1(?:[._][01])?)(?:_(?:client_|server_)?method)?$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "this version of TLS is broken; ask for 1.2 at least"))

((assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#any-of? @property "DEFAULT_MIN_VERSION" "DEFAULT_MAX_VERSION" "minVersion" "maxVersion" "secureProtocol")
  (#text? @value "^(?:SSLv[23]|TLSv1(?:[._][01])?)(?:_(?:client_|server_)?method)?$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "this version of TLS is broken; ask for 1.2 at least"))
