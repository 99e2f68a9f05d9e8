; Python's XML parsers expand entities: a document of a kilobyte can fill the memory.
; Source: https://docs.python.org/3/library/xml.html#xml-security
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "xml.etree.ElementTree.parse" "xml.etree.ElementTree.iterparse"
    "xml.etree.ElementTree.fromstring" "xml.etree.ElementTree.XML" "xml.etree.ElementTree.XMLParser"
    "xml.etree.cElementTree.parse" "xml.etree.cElementTree.iterparse"
    "xml.etree.cElementTree.fromstring" "xml.etree.cElementTree.XMLParser"
    "xml.sax.expatreader.create_parser" "xml.dom.expatbuilder.parse"
    "xml.dom.expatbuilder.parseString" "xml.sax.parse" "xml.sax.parseString" "xml.sax.make_parser"
    "xml.dom.minidom.parse" "xml.dom.minidom.parseString"
    "xml.dom.pulldom.parse" "xml.dom.pulldom.parseString")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` expands entities, so a small document can fill the memory; defusedxml does not"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "lxml.etree.XMLParser" "lxml.etree.parse" "lxml.etree.fromstring")
  (#has-keyword? @args "resolve_entities" "True")
  (#set! category "security")
  (#set! message "`{name}` resolves entities, so a document can read files and fill the memory"))
