; A function that pytest or unittest collects: it can be run alone, now.
; Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery
((function_definition name: (identifier) @name) @reach
  (#pytest-function? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is a test that can be run alone"))
