; DES, RC4, Blowfish and their like are broken or too small, ECB shows patterns, short keys are factored.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "Crypto.Cipher.ARC2.new" "Crypto.Cipher.ARC4.new" "Crypto.Cipher.Blowfish.new"
    "Crypto.Cipher.DES.new" "Crypto.Cipher.DES3.new" "Crypto.Cipher.XOR.new" "Crypto.Cipher.CAST.new"
    "Cryptodome.Cipher.ARC2.new" "Cryptodome.Cipher.ARC4.new" "Cryptodome.Cipher.Blowfish.new"
    "Cryptodome.Cipher.DES.new" "Cryptodome.Cipher.DES3.new" "Cryptodome.Cipher.XOR.new"
    "Cryptodome.Cipher.CAST.new"
    "cryptography.hazmat.primitives.ciphers.algorithms.ARC4"
    "cryptography.hazmat.primitives.ciphers.algorithms.Blowfish"
    "cryptography.hazmat.primitives.ciphers.algorithms.CAST5"
    "cryptography.hazmat.primitives.ciphers.algorithms.IDEA"
    "cryptography.hazmat.primitives.ciphers.algorithms.SEED"
    "cryptography.hazmat.primitives.ciphers.algorithms.TripleDES"
    "cryptography.hazmat.decrepit.ciphers.algorithms.ARC4"
    "cryptography.hazmat.decrepit.ciphers.algorithms.Blowfish"
    "cryptography.hazmat.decrepit.ciphers.algorithms.CAST5"
    "cryptography.hazmat.decrepit.ciphers.algorithms.IDEA"
    "cryptography.hazmat.decrepit.ciphers.algorithms.SEED"
    "cryptography.hazmat.decrepit.ciphers.algorithms.TripleDES")
  (#set! category "security")
  (#set! message "`{name}` is a cipher that can be broken; AES or ChaCha20 are not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "cryptography.hazmat.primitives.ciphers.modes.ECB")
  (#set! category "security")
  (#set! message "`{name}` makes equal blocks of equal blocks, so patterns of the text remain"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "Crypto.Cipher.AES.new" "Cryptodome.Cipher.AES.new")
  (#argument-resolves-to? @args "1" "mode" "Crypto.Cipher.AES.MODE_ECB" "Cryptodome.Cipher.AES.MODE_ECB")
  (#set! category "security")
  (#set! message "`{name}` in mode ECB makes equal blocks of equal blocks, so patterns of the text remain"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key")
  (#argument-below? @args "1" "key_size" "2048")
  (#set! category "security")
  (#set! message "`{name}` makes a key that is short enough to be factored; 2048 bits are the least"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key"
    "Crypto.PublicKey.RSA.generate" "Crypto.PublicKey.DSA.generate"
    "Cryptodome.PublicKey.RSA.generate" "Cryptodome.PublicKey.DSA.generate"
    "Crypto.PublicKey.RSA.construct")
  (#argument-below? @args "0" "bits" "2048")
  (#set! category "security")
  (#set! message "`{name}` makes a key that is short enough to be broken; 2048 bits are the least"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key")
  (#argument-below? @args "" "key_size" "2048")
  (#set! category "security")
  (#set! message "`{name}` makes a key that is short enough to be broken; 2048 bits are the least"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "cryptography.hazmat.primitives.asymmetric.ec.SECP192R1"
    "cryptography.hazmat.primitives.asymmetric.ec.SECT163K1"
    "cryptography.hazmat.primitives.asymmetric.ec.SECT163R2")
  (#set! category "security")
  (#set! message "`{name}` is a curve of less than 224 bits, which is short enough to be broken"))
