; A repetition inside a repetition can take exponential time on a text made for it.
; Source: https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
((regex pattern: (regex_pattern) @pattern) @reach
  (#nested-repetition? @pattern)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "a repetition inside a repetition: some texts take this expression exponential time"))

((new_expression constructor: (identifier) @callee arguments: (_) @args) @reach
  (#eq? @callee "RegExp")
  (#argument-nested-repetition? @args "0")
  (#set! category "security")
  (#set! message "a repetition inside a repetition: some texts take this expression exponential time"))

((call_expression function: (identifier) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "RegExp")
  (#argument-nested-repetition? @args "0")
  (#set! category "security")
  (#set! message "a repetition inside a repetition: some texts take this expression exponential time"))
