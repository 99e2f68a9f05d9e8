; A token whose signature nobody checks says whatever its sender likes.
; Source: https://cwe.mitre.org/data/definitions/347.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jwt.decode" "jwt.api_jwt.decode" "jose.jwt.decode")
  (#unverified? @args)
  (#set! category "security")
  (#set! message "`{name}` does not check the signature, so anyone can have written the token"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jwt.encode" "jose.jwt.encode")
  (#argument-value? @args "2" "algorithm" "none" "None" "NONE")
  (#set! category "security")
  (#set! message "`{name}` signs nothing with the algorithm `none`"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jose.jwt.get_unverified_claims" "jose.jws.get_unverified_claims")
  (#set! category "security")
  (#set! message "`{name}` does not check the signature, so anyone can have written the token"))
