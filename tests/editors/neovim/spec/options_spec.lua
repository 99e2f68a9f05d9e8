local config = require('skills_lsp.config')

describe('vim.g.skills_lsp', function()
  after_each(function()
    vim.g.skills_lsp = nil
  end)

  it('need not be there', function()
    local options, problems = config.get()
    assert.same(config.defaults(), options)
    assert.same({}, problems)
  end)

  it('is laid over the defaults', function()
    vim.g.skills_lsp = { report = 'tab', settings = { maxSuggestions = 4 } }
    local options, problems = config.get()
    assert.same({}, problems)
    assert.equal('tab', options.report)
    assert.same({ maxSuggestions = 4 }, options.settings)
    assert.equal('split', options.output)
  end)

  for given, expected in pairs({
    [{ outptu = 'split' }] = "unknown option 'outptu'; did you mean 'output'?",
    [{ qqq = 1 }] = "unknown option 'qqq'; there are: autostart, cmd,",
    [{ cmd = 'skills-lsp' }] = 'cmd must be a list of texts that begins with the program',
    [{ cmd = {} }] = 'cmd must be a list of texts',
    [{ output = 'terminal' }] = "output must be 'split', 'quickfix' or 'none'; the default is used.",
    [{ restarts = -1 }] = 'restarts must be a whole number, 0 or more',
    [{ lenses = 'yes' }] = 'lenses must be true or false',
    [{ settings = { 'a' } }] = 'settings must be a table of settings by name',
  }) do
    it('names what is wrong: ' .. expected, function()
      vim.g.skills_lsp = given
      local options, problems = config.get()
      assert.equal(1, #problems)
      assert.truthy(problems[1]:find(expected, 1, true), problems[1])
      assert.same(config.defaults(), options)
    end)
  end

  it('is set by setup() as well', function()
    require('skills_lsp').setup({ report = 'tab' })
    require('skills_lsp').setup({ output = 'none' })
    local options = config.get()
    assert.same({ 'tab', 'none' }, { options.report, options.output })
  end)

  it('gives the command line program without its serving', function()
    vim.g.skills_lsp = { cmd = { 'python3', '-m', 'skills_lsp', 'serve', '--log-level', 'debug' } }
    assert.same({ 'python3', '-m', 'skills_lsp' }, config.program())
  end)
end)
