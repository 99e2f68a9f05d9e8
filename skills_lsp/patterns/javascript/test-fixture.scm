; test.extend adds fixtures that tests take as parameters; a change here reaches all of them.
; Source: https://playwright.dev/docs/test-fixtures
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#adds-fixtures? @callee)
  (#set! category "tests")
  (#set! here "property")
  (#set! message "fixtures are added here; tests that take them depend on them"))
