"""The one door to other programs: find a tool, plan its command, run it, read its result.

``environment`` finds tools, ``plan`` fills a command's placeholders, ``process`` runs it in a group
of its own, ``results`` reads what it reported, and ``invoke`` puts the four together.
"""
