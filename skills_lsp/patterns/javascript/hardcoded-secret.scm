; A secret in the source is in every clone, and in every browser that loads it.
; Source: https://cwe.mitre.org/data/definitions/798.html
((variable_declarator name: (identifier) @name value: (_) @value) @reach
  (#named-secret? @reach)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((assignment_expression left: (_) @name right: (_) @value) @reach
  (#named-secret? @reach)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((pair key: (_) @name value: (_) @value) @reach
  (#named-secret? @reach)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` looks like a secret written into the source"))

((string) @here
  (#secret-shape? @here)
  (#set! category "security")
  (#set! message "this text has the form of a real key"))

; What signs tokens, sessions and messages is a secret, whatever it is called.
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "jsonwebtoken.sign" "jsonwebtoken.verify" "jose.JWT.sign" "jose.JWT.verify" "jwt-simple.encode"
    "jwt-simple.decode" "crypto.createHmac" "crypto.createCipheriv" "crypto.createDecipheriv"
    "cookie-signature.sign" "cookie-signature.unsign" "koa-jwt.sign")
  (#argument-written-key? @args "1")
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "the key of `{name}` is written into the source"))

((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "secret" "secretOrKey" "clientSecret" "consumerSecret")
  (#key-of? @reach)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! here "value")
  (#set! message "`{name}` is written into the source"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "express-session" "express-jwt" "express-jwt.expressjwt" "koa-jwt" "cookie-session")
  (#option-written-key? @args "secret")
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "the secret of `{name}` is written into the source"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "cookie-parser")
  (#argument-written-key? @args "0")
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "the secret of `{name}` is written into the source"))

((new_expression constructor: (_) @callee arguments: (_) @args) @reach
  (#match? @callee "Strategy$")
  (#strategy-secret? @args)
  (#not-in-test-file?)
  (#set! category "security")
  (#set! message "the secret of `{name}` is written into the source"))
