; A secret in the source is in every clone, and in every browser that loads it.
; Source: https://cwe.mitre.org/data/definitions/798.html
((variable_declarator name: (identifier) @name value: (_) @value) @reach
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @value)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((assignment_expression left: (_) @name right: (_) @value) @reach
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @value)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((pair key: (_) @name value: (_) @value) @reach
  (#not-in-test-file?)
  (#secret-name? @name)
  (#secret-value? @value)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((string) @here
  (#secret-shape? @here)
  (#set! category "security")
  (#set! message "this text has the form of a real key"))
