; A secret in the source is in every clone, and in every browser that loads it.
; Source: https://cwe.mitre.org/data/definitions/798.html
((variable_declarator name: (identifier) @name value: [(string) (template_string)] @here) @reach
  (#secret-name? @name)
  (#secret-value? @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((assignment_expression left: [(identifier) @name (member_expression property: (_) @name)]
    right: [(string) (template_string)] @here) @reach
  (#secret-name? @name)
  (#secret-value? @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((pair key: (_) @name value: [(string) (template_string)] @here)
  (#secret-name? @name)
  (#secret-value? @here)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "`{name}` looks like a secret written into the source"))

((string) @here
  (#secret-shape? @here)
  (#set! category "security")
  (#set! message "this text has the form of a real key"))
