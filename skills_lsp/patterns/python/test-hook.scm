; Set-up and tear-down run around every test of their class or module.
; Source: https://docs.python.org/3/library/unittest.html#unittest.TestCase.setUp
((function_definition name: (identifier) @name) @reach
  (#match? @name "^(?:async)?(?:set|tear|Set|Tear)")
  (#hook-method? @name)
  (#in-test-file?)
  (#set! category "tests")
  (#set! message "`{name}` runs around each test of its class or module"))
