; A parametrized test is run once per row; a failing row can be run alone by its id.
; Source: https://docs.pytest.org/en/stable/how-to/parametrize.html
((decorated_definition (decorator (_) @here) definition: (_ name: (identifier) @name) @reach)
  (#decorator? @here
    "pytest.mark.parametrize" "parameterized.parameterized" "parameterized.parameterized.expand"
    "parameterized.parameterized_class" "pytest_cases.parametrize" "ddt.data" "ddt.file_data"
    "ddt.idata" "ddt.named_data" "absl.testing.parameterized.parameters"
    "absl.testing.parameterized.named_parameters" "absl.testing.parameterized.product")
  (#pytest-test? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is run once for each row of its table"))
