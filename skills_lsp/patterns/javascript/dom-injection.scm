; Text written into a page as HTML runs the scripts that are in it, with the reader's session.
; Source: https://cwe.mitre.org/data/definitions/79.html
((assignment_expression left: (_) @name right: (_) @value) @reach
  (#match? @name "\\.(?:innerHTML|outerHTML|srcdoc)$")
  (#not-constant? @value)
  (#not-sanitized? @value)
  (#set! category "security")
  (#set! here "property")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((augmented_assignment_expression left: (_) @name right: (_) @value) @reach
  (#match? @name "\\.(?:innerHTML|outerHTML)$")
  (#not-constant? @value)
  (#not-sanitized? @value)
  (#set! category "security")
  (#set! here "property")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "document.write" "document.writeln" "window.document.write" "window.document.writeln")
  (#any-argument-dynamic? @args)
  (#set! category "security")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#match? @callee "\\.insertAdjacentHTML$")
  (#argument-dynamic? @args "1")
  (#set! category "security")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((pair key: (_) @name value: (_) @value) @reach
  (#eq? @name "__html")
  (#not-constant? @value)
  (#not-sanitized? @value)
  (#set! category "security")
  (#set! message "dangerouslySetInnerHTML takes HTML made at run time, scripts in it run"))
