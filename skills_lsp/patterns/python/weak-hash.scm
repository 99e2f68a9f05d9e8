; MD5 and SHA-1 can be made to collide; where security hangs on a hash they must not be used.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "hashlib.md5" "hashlib.sha1" "hashlib.md4" "hashlib.sha"
    "Crypto.Hash.MD2.new" "Crypto.Hash.MD4.new" "Crypto.Hash.MD5.new" "Crypto.Hash.SHA.new"
    "Crypto.Hash.SHA1.new" "Cryptodome.Hash.MD2.new" "Cryptodome.Hash.MD4.new"
    "Cryptodome.Hash.MD5.new" "Cryptodome.Hash.SHA.new" "Cryptodome.Hash.SHA1.new"
    "Crypto.Hash.MD5.MD5Hash" "Cryptodome.Hash.MD5.MD5Hash"
    "cryptography.hazmat.primitives.hashes.MD5" "cryptography.hazmat.primitives.hashes.SHA1"
    "md5.new" "md5.md5" "sha.new" "sha.sha")
  (#not-has-keyword? @args "usedforsecurity" "False")
  (#set! category "security")
  (#set! message "`{name}` can be made to collide; say usedforsecurity=False where that is no harm"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "hashlib.new")
  (#argument-value? @args "0" "name"
    "md2" "md4" "md5" "sha" "sha1" "sha-1" "MD2" "MD4" "MD5" "SHA" "SHA1" "SHA-1" "Md5" "Sha1")
  (#not-has-keyword? @args "usedforsecurity" "False")
  (#set! category "security")
  (#set! message "this hash can be made to collide; say usedforsecurity=False where that is no harm"))

; crypt's oldest methods can be tried through in seconds.
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypt.mksalt")
  (#argument-resolves-to? @args "0" "method"
    "crypt.METHOD_CRYPT" "crypt.METHOD_MD5" "crypt.METHOD_BLOWFISH")
  (#set! category "security")
  (#set! message "`{name}` is asked for a method that is quickly tried through"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypt.crypt")
  (#argument-resolves-to? @args "1" "salt"
    "crypt.METHOD_CRYPT" "crypt.METHOD_MD5" "crypt.METHOD_BLOWFISH")
  (#set! category "security")
  (#set! message "`{name}` is asked for a method that is quickly tried through"))
