; A skipped test checks nothing; it is easily forgotten once its reason is gone.
; Source: https://docs.pytest.org/en/stable/how-to/skipping.html
((decorated_definition (decorator (_) @here) definition: (_ name: (identifier) @name) @reach)
  (#decorator? @here
    "pytest.mark.skip" "pytest.mark.skipif" "unittest.skip" "unittest.skipIf" "unittest.skipUnless")
  (#set! category "tests")
  (#set! message "`{name}` is skipped, always or under a condition"))
