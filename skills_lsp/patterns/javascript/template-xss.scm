; A template that does not escape its values puts what people write into pages as HTML.
; Source: https://cwe.mitre.org/data/definitions/79.html
((assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#any-of? @property "escapeMarkup" "escapeHTML")
  (#any-of? @value "false" "!1" "0")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "values are no longer escaped, so what people write becomes HTML"))

((assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#eq? @property "escape")
  (#returns-argument? @value)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "this `escape` gives back what it gets, so what people write becomes HTML"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "compile" "precompile")
  (#option? @args "noEscape" "true" "!0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "with `noEscape` values are not escaped, so what people write becomes HTML"))

((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "autoescape" "autoEscape")
  (#any-of? @value "false" "!1")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "values are not escaped, so what people write becomes HTML"))

((new_expression constructor: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "handlebars.SafeString" "Handlebars.SafeString" "handlebars/runtime.SafeString")
  (#argument-html? @args "0")
  (#set! category "security")
  (#set! message "`{name}` is not escaped, and is made at run time"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "serialize-javascript")
  (#option? @args "unsafe" "true" "!0")
  (#set! category "security")
  (#set! message "with `unsafe` a `</script>` in the data ends the script that it is put into"))

; HTML that is put together from a request.
((template_string (template_substitution)) @here
  (#request-markup? @here)
  (#not-tagged? @here)
  (#set! category "security")
  (#set! message "this HTML has parts of a request in it that nobody escapes"))

((binary_expression) @here
  (#request-markup? @here)
  (#not-inside-sum? @here)
  (#set! category "security")
  (#set! message "this HTML has parts of a request in it that nobody escapes"))
