local text = require('skills_lsp.text')

describe('text from outside', function()
  it('loses escapes, control characters and marks that turn directions', function()
    assert.equal('red text', text.plain('\27[31mred\27[0m text'))
    assert.equal('title', text.plain('\27]0;evil\7title'))
    assert.equal('ab', text.plain('a\0\7\127b'))
    assert.equal('abc', text.plain('a\226\128\174b\226\129\166c'))
    assert.equal('a\n\tb\n', text.plain('a\r\n\tb\r'))
  end)

  it('keeps Markdown and HTML as text', function()
    assert.equal('**Run** <b>it</b> `now`', text.one_line('**Run**\n<b>it</b>\t`now`'))
  end)

  it('is cut at a number of characters, not of bytes', function()
    assert.equal('äöü…', text.one_line('äöüßäöü', 4))
  end)
end)

describe('a document', function()
  it('has its prose broken between words, and its tables and code kept', function()
    assert.same({
      '# A heading that is longer than that',
      'one two',
      'three four',
      '- äöü äöü',
      '  äöü',
      '> one two',
      '> three',
      '| a table that is longer | than that |',
      '~~~sh',
      'code that is longer than that',
      '~~~',
      'four five',
      'six',
    }, text.wrapped({
      '# A heading that is longer than that',
      'one two three four',
      '- äöü äöü äöü',
      '> one two three',
      '| a table that is longer | than that |',
      '~~~sh',
      'code that is longer than that',
      '~~~',
      'four five six',
    }, 10))
  end)

  it('keeps a word that is wider than that', function()
    assert.same({ 'a', 'tests/test_prices.py:12', 'b' }, text.wrapped({ 'a tests/test_prices.py:12 b' }, 10))
  end)
end)

describe('keys', function()
  local lhs = require('skills_lsp.shortcuts').lhs
  for keys, expected in pairs({
    ['ctrl+shift+t'] = '<C-S-t>',
    ['ctrl+k ctrl+g t'] = '<C-k><C-g>t',
    ['alt+f5'] = '<A-F5>',
    ['f5'] = '<F5>',
    ['ctrl++'] = '<C-+>',
    ['cmd+enter'] = '<D-CR>',
    ['ctrl+<'] = '<C-lt>',
  }) do
    it(('of %s are %s'):format(keys, expected), function()
      assert.equal(expected, lhs(keys))
      vim.keymap.set('n', lhs(keys), '<Nop>', { buffer = 0 }) -- Neovim takes it
    end)
  end
end)

describe('the words after :Skills report trend', function()
  local arguments = require('skills_lsp.commands').arguments

  it('are parameters by name', function()
    assert.same(
      { skill = 'pytest-run', days = 30, all = true, session = '7' },
      arguments({ 'skill=pytest-run', 'days=30', 'all=true', 'session="7"' })
    )
  end)

  it('are told when they are none', function()
    local _, problem = arguments({ 'pytest-run' })
    assert.equal('pytest-run is not of the form name=value.', problem)
  end)
end)
