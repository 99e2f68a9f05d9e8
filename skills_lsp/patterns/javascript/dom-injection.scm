; Text written into a page as HTML runs the scripts that are in it, with the reader's session.
; Source: https://cwe.mitre.org/data/definitions/79.html
((assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#any-of? @property "innerHTML" "outerHTML" "srcdoc")
  (#html? @value)
  (#set! category "security")
  (#set! here "property")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((augmented_assignment_expression left: (member_expression property: (property_identifier) @property) @name right: (_) @value) @reach
  (#any-of? @property "innerHTML" "outerHTML" "srcdoc")
  (#html? @value)
  (#set! category "security")
  (#set! here "property")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "write" "writeln")
  (#match? @callee "(?:^|\\b(?:window|self|top|parent|\\w*[wW]in|contentWindow)\\??\\.|\\.)(?:document|contentDocument|ownerDocument)\\s*\\??\\.\\s*write(?:ln)?$")
  (#any-argument-html? @args)
  (#set! category "security")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "insertAdjacentHTML")
  (#argument-html? @args "1")
  (#set! category "security")
  (#set! message "`{name}` takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "createContextualFragment" "setHTMLUnsafe" "parseHTMLUnsafe")
  (#argument-html? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "setAttribute")
  (#argument-text? @args "0" "^(?:srcdoc|on[a-z]+)$")
  (#argument-html? @args "1")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this attribute takes HTML or code, and is made at run time"))

; Angular, new and old: what is trusted here is not cleaned any more.
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "bypassSecurityTrustHtml" "bypassSecurityTrustScript" "bypassSecurityTrustStyle"
    "bypassSecurityTrustUrl" "bypassSecurityTrustResourceUrl" "trustAsHtml" "trustAsJs"
    "trustAsCss" "trustAsUrl" "trustAsResourceUrl")
  (#argument-html? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "Angular does not clean what is trusted here, and it is made at run time"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "trustAs")
  (#match? @callee "\\$sce\\.trustAs$")
  (#argument-html? @args "1")
  (#set! category "security")
  (#set! here "property")
  (#set! message "Angular does not clean what is trusted here, and it is made at run time"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "html")
  (#jquery? @callee)
  (#argument-html? @args "0")
  (#not-argument-function? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "`html` takes HTML made at run time, scripts in it run; `text` does not"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "append" "prepend" "after" "before" "appendTo" "prependTo" "insertBefore" "insertAfter"
    "wrap" "wrapAll" "wrapInner" "replaceWith" "replaceAll")
  (#jquery? @callee)
  (#argument-markup? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this takes HTML made at run time, scripts in it run"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "append" "prepend" "after" "before" "wrap" "wrapAll" "replaceWith")
  (#jquery? @callee)
  (#argument-from-address? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this takes HTML from the page's address, which anybody may write"))

((call_expression function: (identifier) @callee arguments: (_) @args) @reach
  (#any-of? @callee "$" "jQuery" "createNodesFromMarkup")
  (#argument-markup? @args "0")
  (#set! category "security")
  (#set! message "`{name}` makes elements from HTML made at run time, scripts in it run"))

((pair key: (_) @name value: (_) @value) @reach
  (#eq? @name "__html")
  (#html? @value)
  (#set! category "security")
  (#set! message "dangerouslySetInnerHTML takes HTML made at run time, scripts in it run"))
