; The event loop keeps only weak references to tasks: one that nobody holds may vanish half-way.
; Source: https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
((expression_statement . (call function: (_) @callee) @here .) @reach
  (#resolves-to? @callee "asyncio.create_task" "asyncio.ensure_future")
  (#set! category "async")
  (#set! message "nobody keeps the task of `{name}`, so it may be collected before it is done"))

((expression_statement . (call function: (_) @callee) @here .) @reach
  (#match? @callee "(?:^|[._])loop\\.create_task$")
  (#set! category "async")
  (#set! message "nobody keeps the task of `{name}`, so it may be collected before it is done"))
