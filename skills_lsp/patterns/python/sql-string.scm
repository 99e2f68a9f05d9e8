; Values glued into a statement can end it and begin another; parameters cannot.
; Source: https://cwe.mitre.org/data/definitions/89.html
((string (interpolation)) @here
  (#sql? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((binary_operator) @here
  (#outermost? @here)
  (#sql? @here)
  (#built-string? @here)
  (#not-inside-sum? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#match? @callee "\\.format$")
  (#sql? @callee)
  (#built-string? @reach)
  (#set! here "reach")
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))
