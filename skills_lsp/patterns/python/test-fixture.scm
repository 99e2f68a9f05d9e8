; A fixture prepares what tests ask for by name; a change here reaches every test that uses it.
; Source: https://docs.pytest.org/en/stable/how-to/fixtures.html
((function_definition name: (identifier) @name) @reach
  (#fixture? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is a fixture; tests that name it depend on it"))
