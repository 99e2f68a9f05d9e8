; A class whose methods are collected as tests: all of them can be run together.
; Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery
((class_definition name: (identifier) @name) @reach
  (#pytest-class? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is a class of tests that can be run together"))
