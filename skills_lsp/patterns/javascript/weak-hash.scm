; MD5 and SHA-1 can be made to collide; where security hangs on a hash they must not be used.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto.createHash" "crypto.createHmac" "crypto.hash")
  (#argument-match? @args "0" "(?i)^['\"`](?:md[245]|sha-?1|rsa-md5|rsa-sha1)['\"`]$")
  (#set! category "security")
  (#set! message "this hash can be made to collide"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto-js.MD5" "crypto-js.SHA1" "crypto-js.HmacMD5" "crypto-js.HmacSHA1" "md5" "sha1" "js-md5" "blueimp-md5")
  (#imported? @callee)
  (#set! category "security")
  (#set! message "`{name}` can be made to collide"))
