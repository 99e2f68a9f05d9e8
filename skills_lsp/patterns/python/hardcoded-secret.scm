; A secret in the source is in every clone and every backup, and cannot be changed without a release.
; Source: https://cwe.mitre.org/data/definitions/798.html
((assignment left: (_) @name right: (string) @here) @reach
  (#secret? @name @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((keyword_argument name: (identifier) @name value: (string) @here)
  (#secret? @name @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((default_parameter name: (identifier) @name value: (string) @here)
  (#secret? @name @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((typed_default_parameter name: (identifier) @name value: (string) @here)
  (#secret? @name @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((pair key: (string) @name value: (string) @here)
  (#secret? @name @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "{name} looks like a secret written into the source"))

((comparison_operator) @reach
  (#compared-secret? @reach)
  (#not-in-test-file?)
  (#set! here "reach")
  (#set! category "security")
  (#set! message "this compares with a secret that is written into the source"))

; jwt.encode signs with its second argument.
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jwt.encode" "jose.jwt.encode" "authlib.jose.jwt.encode")
  (#argument-written-text? @args "1")
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` signs with a key that is written into the source"))

((string) @here
  (#secret-shape? @here)
  (#not-docstring? @here)
  (#set! category "security")
  (#set! message "this text has the form of a real key"))
