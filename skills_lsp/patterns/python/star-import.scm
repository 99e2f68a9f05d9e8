; A star import takes names that nobody can see, and may hide others.
; Source: https://peps.python.org/pep-0008/#imports
((import_from_statement (wildcard_import) @here) @reach
  (#not-in-package-init?)
  (#set! category "imports")
  (#set! message "a star import hides where names come from"))
