; A token that is read without a check of its signature says whatever its sender wants.
; Source: https://cwe.mitre.org/data/definitions/347.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "jsonwebtoken.verify" "jose.jwtVerify" "jose.JWT.verify" "express-jwt" "express-jwt.expressjwt"
    "jwt-simple.decode" "koa-jwt")
  (#option-match? @args "algorithms" "['\"`](?i:none)['\"`]")
  (#set! category "security")
  (#set! message "`{name}` takes tokens without a signature, which anybody can write"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jsonwebtoken.sign" "jose.JWT.sign")
  (#option-match? @args "algorithm" "^['\"`](?i:none)['\"`]$")
  (#set! category "security")
  (#set! message "`{name}` makes a token without a signature, which anybody can change"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jose.JWT.verify" "jose.JWT.sign")
  (#argument-match? @args "1" "^(?:\\w+\\.)?JWK\\.None$")
  (#set! category "security")
  (#set! message "`{name}` takes tokens without a signature, which anybody can write"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jose.UnsecuredJWT.decode")
  (#set! category "security")
  (#set! message "`{name}` takes tokens without a signature, which anybody can write"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jwt-simple.decode")
  (#argument-match? @args "2" "^(?:true|!0|1|['\"`].+['\"`])$")
  (#set! category "security")
  (#set! message "with this argument `{name}` does not check the signature"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jsonwebtoken.decode")
  (#not-in-test-file?)
  (#not-verified-around? @reach)
  (#set! category "security")
  (#set! message "`{name}` does not check the signature; anybody can write such a token"))
