; Old ways to make and use buffers show memory of others, or read past the end.
; Source: https://nodejs.org/api/buffer.html#bufferfrom-bufferalloc-and-bufferallocunsafe
((new_expression constructor: (identifier) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "Buffer" "buffer.Buffer")
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! message "`new {name}` with a number shows memory that others used; use `from` or `alloc`"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "readUInt8" "readUInt16LE" "readUInt16BE" "readUInt32LE" "readUInt32BE" "readInt8"
    "readInt16LE" "readInt16BE" "readInt32LE" "readInt32BE" "readFloatLE" "readFloatBE"
    "readDoubleLE" "readDoubleBE" "writeUInt8" "writeUInt16LE" "writeUInt16BE" "writeUInt32LE"
    "writeUInt32BE" "writeInt8" "writeInt16LE" "writeInt16BE" "writeInt32LE" "writeInt32BE"
    "writeFloatLE" "writeFloatBE" "writeDoubleLE" "writeDoubleBE")
  (#last-argument-true? @args)
  (#set! category "security")
  (#set! here "property")
  (#set! message "with `noAssert` this goes past the end of the buffer without an error"))
