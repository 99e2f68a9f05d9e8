; Text that is put into a page unescaped is run as the page's own script.
; Source: https://cwe.mitre.org/data/definitions/79.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jinja2.Environment" "jinja2.environment.Environment")
  (#not-has-keyword? @args "autoescape")
  (#not-has-mapping-splat? @args)
  (#set! category "security")
  (#set! message "`{name}` escapes nothing by default; autoescape=select_autoescape() does for HTML"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "jinja2.Environment" "jinja2.environment.Environment")
  (#has-keyword? @args "autoescape" "False" "None")
  (#set! category "security")
  (#set! message "`{name}` with autoescape off puts text into pages as it is"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "mako.template.Template" "mako.lookup.TemplateLookup")
  (#not-has-keyword? @args "default_filters")
  (#not-has-mapping-splat? @args)
  (#set! category "security")
  (#set! message "`{name}` escapes nothing by default; default_filters=['h'] does"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "markupsafe.Markup" "flask.Markup" "jinja2.Markup" "django.utils.safestring.mark_safe"
    "django.utils.safestring.SafeString" "django.utils.safestring.SafeText"
    "flask.render_template_string")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` takes text that is made at run time for a page's own"))
