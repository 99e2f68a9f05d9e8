; Calling a coroutine function without await only makes a coroutine: its body never runs.
; Source: https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines
((call function: (_) @callee arguments: (_) @args) @reach
  (#coroutine? @callee)
  (#statement? @reach)
  (#set! category "async")
  (#set! here "reach")
  (#set! message "`{name}` makes a coroutine that nobody awaits, so it never runs"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "asyncio.sleep" "asyncio.wait_for" "asyncio.wait" "asyncio.to_thread"
    "asyncio.open_connection" "asyncio.start_server" "asyncio.create_subprocess_exec"
    "asyncio.create_subprocess_shell" "asyncio.open_unix_connection"
    "anyio.sleep" "anyio.sleep_until" "anyio.sleep_forever" "anyio.run_process" "anyio.open_file"
    "anyio.connect_tcp" "anyio.to_thread.run_sync"
    "trio.sleep" "trio.sleep_until" "trio.sleep_forever" "trio.run_process" "trio.open_tcp_stream"
    "trio.to_thread.run_sync")
  (#statement? @reach)
  (#set! category "async")
  (#set! here "reach")
  (#set! message "`{name}` makes a coroutine that nobody awaits, so it never runs"))
