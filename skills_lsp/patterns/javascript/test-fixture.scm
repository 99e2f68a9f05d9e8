; test.extend adds fixtures that tests take as parameters; a change here reaches all of them.
; Source: https://playwright.dev/docs/test-fixtures
((call_expression function: (member_expression object: (identifier) @base property: (property_identifier) @here) @callee
    arguments: (_) @args) @reach
  (#eq? @here "extend")
  (#resolves-to? @base "vitest.test" "vitest.it" "@playwright/test.test")
  (#set! category "tests")
  (#set! message "fixtures are added here; tests that take them depend on them"))
