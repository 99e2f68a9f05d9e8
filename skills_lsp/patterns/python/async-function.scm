; A coroutine function: what it calls must not block, and who calls it must await.
; Source: https://docs.python.org/3/library/asyncio-task.html#coroutines
((function_definition "async" name: (identifier) @name) @reach
  (#not-pytest-function? @reach)
  (#set! category "async")
  (#set! message "`{name}` is a coroutine function"))
