"""What every test starts from."""

import signal

# A shell starts what runs in the background with SIGINT ignored, and every program under test would be.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
