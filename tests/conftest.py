"""What every test starts from."""

import signal

from hypothesis import HealthCheck, settings

# A shell starts what runs in the background with SIGINT ignored, and every program under test would be.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How fast an example is made and tried says how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
