; MD5 and SHA-1 can be made to collide; where security hangs on a hash they must not be used.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto.createHash" "crypto.createHmac" "crypto.hash" "crypto.createSign" "crypto.createVerify" "create-hash" "create-hmac" "browserify-sign.createSign")
  (#argument-text? @args "0" "^(?i:(?:rsa-)?(?:md[245]|sha-?1))$")
  (#set! category "security")
  (#set! message "this hash can be made to collide"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "digest")
  (#match? @callee "\\bsubtle\\s*\\??\\.\\s*digest$")
  (#argument-text? @args "0" "^(?i:sha-?1)$")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this hash can be made to collide"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "crypto-js.MD5" "crypto-js.SHA1" "crypto-js.HmacMD5" "crypto-js.HmacSHA1" "crypto-js/md5"
    "crypto-js/sha1" "crypto-js/hmac-md5" "crypto-js/hmac-sha1" "md5" "sha1" "js-md5" "js-sha1"
    "blueimp-md5" "spark-md5.hash" "ts-md5.Md5.hashStr" "node-forge.md.md5.create"
    "node-forge.md.sha1.create")
  (#imported? @callee)
  (#set! category "security")
  (#set! message "`{name}` can be made to collide"))
