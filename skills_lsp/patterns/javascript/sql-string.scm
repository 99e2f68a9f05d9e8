; Values glued into a statement can end it and begin another; parameters cannot.
; Source: https://cwe.mitre.org/data/definitions/89.html
((template_string (template_substitution)) @here
  (#not-tagged? @here)
  (#sql-glued? @here)
  (#not-inside-sum? @here)
  (#not-printed? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((binary_expression) @here
  (#outermost? @here)
  (#sql-glued? @here)
  (#not-inside-sum? @here)
  (#not-printed? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "concat")
  (#sql-call? @reach)
  (#not-printed? @reach)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "util.format" "format")
  (#sql-format? @args)
  (#not-printed? @reach)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((augmented_assignment_expression left: (identifier) @name right: (_) @value) @reach
  (#sql-added? @reach)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))
