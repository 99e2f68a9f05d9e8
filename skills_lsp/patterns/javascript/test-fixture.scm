; test.extend adds fixtures that tests take as parameters; a change here reaches all of them.
; Source: https://playwright.dev/docs/test-fixtures
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "vitest.test.extend" "vitest.it.extend" "@playwright/test.test.extend")
  (#set! category "tests")
  (#set! here "property")
  (#set! message "fixtures are added here; tests that take them depend on them"))
