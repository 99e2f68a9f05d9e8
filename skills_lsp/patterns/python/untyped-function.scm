; Type checkers do not look into a function without annotations.
; Source: https://mypy.readthedocs.io/en/stable/common_issues.html#no-errors-reported-for-obviously-wrong-code
((function_definition name: (identifier) @name) @reach
  (#not-in-test-file?)
  (#untyped? @reach)
  (#set! category "types")
  (#set! message "`{name}` has no annotations, so a type checker does not look into it"))
