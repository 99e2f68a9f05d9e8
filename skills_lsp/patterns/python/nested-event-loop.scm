; A running event loop cannot be entered again: asyncio.run in a coroutine raises RuntimeError.
; Source: https://docs.python.org/3/library/asyncio-runner.html#asyncio.run
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "asyncio.run" "anyio.run" "trio.run" "uvloop.run")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` raises RuntimeError here, as a loop is already running"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "run_until_complete" "run_forever")
  (#in-coroutine? @callee)
  (#match? @callee "(?:^|[._])loop(?:\\(\\))?\\.run_\\w+$")
  (#set! category "async")
  (#set! message "`{name}` raises RuntimeError here, as a loop is already running"))
