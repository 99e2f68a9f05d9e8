; A parser that replaces entities reads the files and addresses that a document names.
; Source: https://cwe.mitre.org/data/definitions/611.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "parseXml" "parseXmlString" "parseXmlAsync" "parseHtml" "parseHtmlString" "fromXml" "SaxParser")
  (#option? @args "noent" "true" "1" "!0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "with `noent` the entities of a document are replaced, files and addresses are read"))

((pair key: (_) @name value: (_) @value) @reach
  (#any-of? @name "resolveExternalEntities" "loadExternalDtd" "externalEntities")
  (#any-of? @value "true" "!0")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "external entities of a document are loaded, which reads files and addresses"))
