; Values glued into a statement can end it and begin another; parameters cannot.
; Source: https://cwe.mitre.org/data/definitions/89.html
((template_string (template_substitution)) @here
  (#sql? @here)
  (#not-tagged? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((binary_expression) @here
  (#outermost? @here)
  (#sql? @here)
  (#built-string? @here)
  (#not-inside-sum? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))
