; These formats can name any function to call while they are read: untrusted data runs code.
; Source: https://cwe.mitre.org/data/definitions/502.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "pickle.load" "pickle.loads" "pickle.Unpickler" "_pickle.load" "_pickle.loads"
    "_pickle.Unpickler" "cPickle.load" "cPickle.loads" "cPickle.Unpickler" "six.moves.cPickle.load"
    "six.moves.cPickle.loads" "six.moves.cPickle.Unpickler" "pickle5.load" "pickle5.loads"
    "dill.load" "dill.loads" "dill.Unpickler" "cloudpickle.load" "cloudpickle.loads"
    "marshal.load" "marshal.loads" "shelve.open" "shelve.DbfilenameShelf" "shelve.loads"
    "jsonpickle.decode" "jsonpickle.loads" "jsonpickle.unpickler.decode"
    "jsonpickle.unpickler.Unpickler" "joblib.load" "pandas.read_pickle")
  (#set! category "security")
  (#set! message "`{name}` runs code that its data names; safe only for data you wrote"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "torch.load" "torch.serialization.load")
  (#not-has-keyword? @args "weights_only" "True")
  (#set! category "security")
  (#set! message "`{name}` unpickles, which runs code that the file names, unless weights_only=True"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "numpy.load")
  (#has-keyword? @args "allow_pickle" "True")
  (#set! category "security")
  (#set! message "`{name}` with allow_pickle=True runs code that the file names"))
