; MD5 and SHA-1 can be made to collide; where security hangs on a hash they must not be used.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "hashlib.md5" "hashlib.sha1" "hashlib.md4"
    "Crypto.Hash.MD2.new" "Crypto.Hash.MD4.new" "Crypto.Hash.MD5.new" "Crypto.Hash.SHA.new"
    "Crypto.Hash.SHA1.new" "Cryptodome.Hash.MD2.new" "Cryptodome.Hash.MD4.new"
    "Cryptodome.Hash.MD5.new" "Cryptodome.Hash.SHA.new" "Cryptodome.Hash.SHA1.new"
    "cryptography.hazmat.primitives.hashes.MD5" "cryptography.hazmat.primitives.hashes.SHA1")
  (#not-has-keyword? @args "usedforsecurity" "False")
  (#set! category "security")
  (#set! message "`{name}` can be made to collide; say usedforsecurity=False where that is no harm"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "hashlib.new")
  (#argument-match? @args "0" "(?i)^[rbu]*['\"](?:md[245]|sha-?1?)['\"]$")
  (#not-has-keyword? @args "usedforsecurity" "False")
  (#set! category "security")
  (#set! message "this hash can be made to collide; say usedforsecurity=False where that is no harm"))
