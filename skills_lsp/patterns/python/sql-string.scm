; Values glued into a statement can end it and begin another; parameters cannot.
; Source: https://cwe.mitre.org/data/definitions/89.html
((string (interpolation)) @here
  (#sql? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((binary_operator left: [(string) (concatenated_string) (binary_operator) (parenthesized_expression)]) @here
  (#sql? @here)
  (#built-string? @here)
  (#not-inside-sum? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((call function: (attribute attribute: (identifier) @method)) @here
  (#eq? @method "format")
  (#sql? @here)
  (#built-string? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))
