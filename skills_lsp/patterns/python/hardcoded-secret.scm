; A secret in the source is in every clone and every backup, and cannot be changed without a release.
; Source: https://cwe.mitre.org/data/definitions/798.html
((assignment left: (_) @name right: (string) @here) @reach
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @here)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((keyword_argument name: (identifier) @name value: (string) @here)
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @here)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((default_parameter name: (identifier) @name value: (string) @here)
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @here)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((pair key: (string) @name value: (string) @here)
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @here)
  (#set! category "security")
  (#set! message "{name} looks like a secret written into the source"))

((string) @here
  (#secret-shape? @here)
  (#set! category "security")
  (#set! message "this text has the form of a real key"))
