; Ciphers that can be broken, keys that are too short, and modes that show what is equal.
; Source: https://cwe.mitre.org/data/definitions/327.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto.createCipher" "crypto.createDecipher")
  (#set! category "security")
  (#set! message "`{name}` makes the key from a password with MD5 and has no vector; use the `iv` form"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto.createCipheriv" "crypto.createDecipheriv")
  (#argument-text? @args "0" "^(?i:(?:id-)?(?:des|des3|rc2|rc4|bf|blowfish|cast5?|seed|idea)\\b.*|.*-ecb)$")
  (#set! category "security")
  (#set! message "this cipher can be broken, or shows which blocks are equal; use AES-GCM"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "crypto.createCipheriv" "crypto.createDecipheriv")
  (#argument-text? @args "2" "^$")
  (#set! category "security")
  (#set! message "without a vector equal texts stay equal when they are enciphered"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "crypto-js.DES.encrypt" "crypto-js.DES.decrypt" "crypto-js.TripleDES.encrypt"
    "crypto-js.TripleDES.decrypt" "crypto-js.RC4.encrypt" "crypto-js.RC4.decrypt"
    "crypto-js.RC4Drop.encrypt" "crypto-js.RC4Drop.decrypt" "crypto-js.Rabbit.encrypt")
  (#set! category "security")
  (#set! message "`{name}` uses a cipher that can be broken; use AES-GCM"))

((pair key: (_) @name value: (_) @value) @reach
  (#eq? @name "mode")
  (#match? @value "\\bmode\\.ECB$")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "in this mode equal blocks of text stay equal when they are enciphered"))

((pair key: (_) @name value: (_) @value) @reach
  (#eq? @name "modulusLength")
  (#any-of? @value "512" "768" "1024")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "an RSA key of fewer than 2048 bits can be broken"))
