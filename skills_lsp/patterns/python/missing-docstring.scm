; A public function or class without a docstring shows nothing on hover and in the reference.
; Source: https://peps.python.org/pep-0257/#what-is-a-docstring
((function_definition name: (identifier) @name) @reach
  (#public? @reach)
  (#not-in-test-file?)
  (#not-in-stub?)
  (#undocumented? @reach)
  (#set! category "docs")
  (#set! message "`{name}` is public and has no docstring"))

((class_definition name: (identifier) @name) @reach
  (#public? @reach)
  (#not-in-test-file?)
  (#not-in-stub?)
  (#undocumented? @reach)
  (#set! category "docs")
  (#set! message "`{name}` is public and has no docstring"))
