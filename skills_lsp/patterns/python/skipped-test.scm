; A skipped test checks nothing; it is easily forgotten once its reason is gone.
; Source: https://docs.pytest.org/en/stable/how-to/skipping.html
((decorated_definition (decorator (_) @here) definition: (_ name: (identifier) @name) @reach)
  (#skip-mark? @here)
  (#pytest-test? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is skipped, always or under a condition"))

((assignment left: (_) @name right: (_) @value) @reach
  (#eq? @name "pytestmark")
  (#skip-mark? @value)
  (#in-collected-file?)
  (#set! category "tests")
  (#set! message "all tests of this module or class are skipped, always or under a condition"))

((call function: (_) @callee arguments: (_) @arguments) @reach
  (#resolves-to? @callee "pytest.param")
  (#skipped-row? @arguments)
  (#in-test-file?)
  (#set! category "tests")
  (#set! message "this row of the table is skipped, always or under a condition"))

((call function: (_) @callee arguments: (_) @arguments) @reach
  (#resolves-to? @callee "pytest.skip")
  (#has-keyword? @arguments "allow_module_level" "True")
  (#module-level? @reach)
  (#in-collected-file?)
  (#set! category "tests")
  (#set! message "all tests of this module are skipped when this is run"))

((call function: (_) @callee arguments: (_) @arguments) @reach
  (#resolves-to? @callee "unittest.SkipTest" "unittest.case.SkipTest")
  (#raised? @reach)
  (#module-level? @reach)
  (#in-collected-file?)
  (#set! category "tests")
  (#set! message "all tests of this module are skipped when this is run"))

((call function: (_) @callee arguments: (_) @arguments) @reach
  (#resolves-to? @callee "pytest.skip" "unittest.SkipTest" "unittest.case.SkipTest")
  (#opens-test? @reach)
  (#set! category "tests")
  (#set! message "the test that this stands in is skipped each time"))

((call function: (_) @callee arguments: (_) @arguments) @reach
  (#method? @callee "skipTest")
  (#opens-test? @reach)
  (#set! category "tests")
  (#set! message "the test that this stands in is skipped each time"))
