"""How well the patterns see, judged by the tools of each field on real packages."""
