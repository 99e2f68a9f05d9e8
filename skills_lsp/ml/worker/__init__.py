"""The other side of the pipe: one program with several roles. Never imported by the server."""
