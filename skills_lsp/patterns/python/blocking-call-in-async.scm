; A blocking call in a coroutine stops the whole event loop: every other task waits for it.
; Source: https://docs.astral.sh/ruff/rules/#flake8-async-async
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "time.sleep")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops every task of the event loop; `await asyncio.sleep(…)` lets them run"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "requests.get" "requests.post" "requests.put" "requests.patch" "requests.delete"
    "requests.head" "requests.options" "requests.request"
    "requests.api.get" "requests.api.post" "requests.api.put" "requests.api.patch"
    "requests.api.delete" "requests.api.head" "requests.api.options" "requests.api.request"
    "httpx.get" "httpx.post" "httpx.put" "httpx.patch" "httpx.delete" "httpx.head" "httpx.options"
    "httpx.request" "httpx.stream"
    "urllib.request.urlopen" "urllib.request.urlretrieve" "urllib3.request")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until the answer is there; httpx.AsyncClient or aiohttp does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "delete" "get" "head" "options" "patch" "post" "put" "request" "send" "urlopen" "getresponse")
  (#in-coroutine? @callee)
  (#method-of? @callee
    "requests.Session" "requests.session" "requests.sessions.Session" "urllib3.PoolManager"
    "http.client.HTTPConnection" "http.client.HTTPSConnection")
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until the answer is there; httpx.AsyncClient or aiohttp does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "close" "delete" "get" "head" "options" "patch" "post" "put" "request" "send" "stream")
  (#in-coroutine? @callee)
  (#method-of? @callee "httpx.Client")
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until the answer is there; httpx.AsyncClient does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "subprocess.run" "subprocess.call" "subprocess.check_call" "subprocess.check_output"
    "subprocess.Popen" "subprocess.getoutput" "subprocess.getstatusoutput"
    "os.system" "os.popen" "os.posix_spawn" "os.posix_spawnp"
    "os.spawnl" "os.spawnle" "os.spawnlp" "os.spawnlpe" "os.spawnv" "os.spawnve" "os.spawnvp"
    "os.spawnvpe")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop; asyncio.create_subprocess_exec runs beside it"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "os.wait" "os.wait3" "os.wait4" "os.waitid" "os.waitpid")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until a process ends; asyncio.to_thread waits beside it"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "open" "builtins.open" "io.open" "io.open_code")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop while the disk works; anyio.open_file or a thread does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "os.path.abspath" "os.path.exists" "os.path.expanduser" "os.path.getatime" "os.path.getctime"
    "os.path.getmtime" "os.path.getsize" "os.path.isdevdrive" "os.path.isdir" "os.path.isfile"
    "os.path.isjunction" "os.path.islink" "os.path.ismount" "os.path.lexists" "os.path.normpath"
    "os.path.realpath" "os.path.relpath" "os.path.samefile" "os.path.sameopenfile")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` asks the disk while the event loop stands still; anyio.Path or a thread does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "absolute" "chmod" "copy" "copy_into" "cwd" "exists" "expanduser" "glob" "group" "hardlink_to"
    "home" "is_block_device" "is_char_device" "is_dir" "is_fifo" "is_file" "is_junction" "is_mount"
    "is_socket" "is_symlink" "iterdir" "lchmod" "link_to" "lstat" "mkdir" "move" "move_into" "open"
    "owner" "read_bytes" "read_text" "readlink" "rename" "replace" "resolve" "rglob" "rmdir"
    "samefile" "stat" "symlink_to" "touch" "unlink" "walk" "write_bytes" "write_text")
  (#in-coroutine? @callee)
  (#held-by-name? @callee)
  (#method-of? @callee "pathlib.Path" "pathlib.PosixPath" "pathlib.WindowsPath")
  (#set! category "async")
  (#set! message "`{name}` asks the disk while the event loop stands still; anyio.Path or a thread does not"))

; Of an attribute only what reads or writes all of a file: the rest is quick.
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "open" "read_bytes" "read_text" "write_bytes" "write_text")
  (#in-coroutine? @callee)
  (#method-of? @callee "pathlib.Path" "pathlib.PosixPath" "pathlib.WindowsPath")
  (#set! category "async")
  (#set! message "`{name}` stops the event loop while the disk works; anyio.Path or a thread does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "socket.create_connection" "socket.getaddrinfo" "socket.gethostbyname" "socket.gethostbyaddr"
    "socket.gethostbyname_ex")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until the network answers; asyncio.open_connection and loop.getaddrinfo do not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "accept" "connect" "recv" "recv_into" "recvfrom" "send" "sendall" "sendfile" "sendto")
  (#not-in-test-file?)
  (#in-coroutine? @callee)
  (#method-of? @callee "socket.socket" "socket.create_connection")
  (#waits? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops the event loop until the network answers; asyncio's streams do not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "input" "builtins.input")
  (#in-coroutine? @callee)
  (#set! category "async")
  (#set! message "`{name}` stops every task until somebody types; `await asyncio.to_thread(input)` does not"))
