; These formats can name any function to call while they are read: untrusted data runs code.
; Source: https://cwe.mitre.org/data/definitions/502.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "pickle.load" "pickle.loads" "pickle.Unpickler" "_pickle.load" "_pickle.loads"
    "cPickle.load" "cPickle.loads" "cPickle.Unpickler" "dill.load" "dill.loads" "dill.Unpickler"
    "cloudpickle.load" "cloudpickle.loads" "marshal.load" "marshal.loads"
    "shelve.open" "shelve.DbfilenameShelf" "jsonpickle.decode" "joblib.load" "pandas.read_pickle")
  (#set! category "security")
  (#set! message "`{name}` runs code that its data names; safe only for data you wrote"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "torch.load")
  (#not-has-keyword? @args "weights_only" "True")
  (#set! category "security")
  (#set! message "`{name}` unpickles, which runs code that the file names, unless weights_only=True"))
