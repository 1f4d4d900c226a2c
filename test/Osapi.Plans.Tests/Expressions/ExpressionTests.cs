using static Osapi.Plans.Tests.Expressions.Sample;

namespace Osapi.Plans.Tests.Expressions;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("results['x-1'].changed && vars.env == 'prod'", "false")]
    [InlineData("results.probe.changed && vars.env == 'prod'", "true")]
    [InlineData("results.probe.stdout.contains('Debian')", "true")]
    [InlineData("results.probe.stdout.trim()", "\"Debian 12\"")]
    [InlineData("results.install['nginx'].changed", "true")]
    [InlineData("vars.port + 1", "8081")]
    [InlineData("vars.share / 2.0", "2.5")]
    [InlineData("vars.share", "5")]
    [InlineData("vars.anything.big", "18446744073709551615")]
    [InlineData("vars.anything.exact", "0.10000000000000000001")]
    [InlineData("vars.anything.big > 9223372036854775807", "true")]
    [InlineData("vars.sites[1]", "\"b\"")]
    [InlineData("vars.limits['cpu'] + vars.limits.mem", "6")]
    [InlineData("size(vars.sites) == 3 && 'b' in vars.sites", "true")]
    [InlineData("'cpu' in vars.limits", "true")]
    [InlineData("vars.sites.map(s, s + '.example.com')", """["a.example.com","b.example.com","c.example.com"]""")]
    [InlineData("vars.ports.filter(p, p > 100)", "[443]")]
    [InlineData("vars.ports.map(p, p > 100, string(p))", """["443"]""")]
    [InlineData("vars.ports.exists_one(p, p == 80)", "true")]
    [InlineData("vars.limits.all(k, vars.limits[k] > 1)", "true")]
    [InlineData("has(vars.anything.n) && !has(vars.anything.m)", "true")]
    [InlineData("has(vars.owner)", "false")]
    [InlineData("vars.owner == null", "true")]
    [InlineData("vars.debug ? 'on' : 'off'", "\"off\"")]
    [InlineData("{'a': [1, 2.5, null, true], 'b': vars.role}", """{"a":[1,2.5,null,true],"b":"web"}""")]
    [InlineData("timestamp(vars.started) + duration('1h30m') > timestamp('2026-01-31T09:00:00Z')", "true")]
    [InlineData("timestamp(vars.started) + duration('1h30m')", "\"2026-01-31T09:30:00Z\"")]
    [InlineData("host_of('probe') + ' ' + host", "\"web-01 web-01\"")]
    [InlineData("env.HOME", "\"/root\"")]
    [InlineData("env['HOME'].startsWith('/')", "true")]
    [InlineData("1 == 1.0 && 9007199254740993 != 9007199254740992.0", "true")]
    [InlineData("vars.missing_is_not_read || true", null)]
    [InlineData("vars.anything.m == 1 || true", "true")]
    [InlineData("true || vars.anything.m == 1", "true")]
    [InlineData("false && vars.anything.m == 1", "false")]
    public void Evaluates(string text, string? json)
    {
        if (json is null)
            Assert.NotEmpty(Problems(text));
        else
            Assert.Equal(json, Sample.Json(text));
    }

    [Theory]
    [InlineData("vars.por == 1", "5+3: there is no 'por' in vars; did you mean 'port'? (known: anything, debug, env, limits, names, owner, port, ports, role, share, sites, started)")]
    [InlineData("var.port == 1", "0+3: there is no 'var'; did you mean 'vars'? (known: each, env, host, results, secrets, vars)")]
    [InlineData("port == 1", "0+4: there is no 'port'; did you mean 'vars.port'?")]
    [InlineData("results.prob.changed", "8+4: there is no task 'prob'; did you mean 'probe'? (known: install, probe, x-1)")]
    [InlineData("results.x-1", "8+1: there is no task 'x'; a name that is no plain word is written ['x-1']")]
    [InlineData("results.probe.stdot == ''", "14+5: the result of 'probe' has no member 'stdot'; did you mean 'stdout'? (known: changed, duration_ms, exit_code, signal, status, stderr, stderr_bytes, stderr_replaced, stderr_truncated, stdout, stdout_bytes, stdout_replaced, stdout_truncated)")]
    [InlineData("vars.port == '8080'", "10+2: an int and a text can never be equal; convert one of them with int(..) or string(..)")]
    [InlineData("vars.port > '8080'", "10+1: an int and a text cannot be compared; convert one of them with int(..) or string(..)")]
    [InlineData("1 == '1'", "2+2: an int and a text can never be equal; convert one of them with int(..) or string(..)")]
    [InlineData("vars.env == 'prd'", "9+2: it is never 'prd'; did you mean 'prod'? (known: prod, stage)")]
    [InlineData("results.probe.status == 'chnged'", "21+2: it is never 'chnged'; did you mean 'changed'? (known: changed, unchanged, failed)")]
    [InlineData("vars.port == null", "10+2: an int is never null here")]
    [InlineData("vars.sites == 'a'", "11+2: a list of texts and a text can never be equal; an element of a list is found with 'in', its length with size(..)")]
    [InlineData("vars.port in vars.sites", "10+2: the list cannot contain it: an int and a text can never be equal; convert one of them with int(..) or string(..)")]
    [InlineData("'a' in vars.role", "4+2: 'in' looks into a list or a map; a part of a text is found by text.contains('part')")]
    [InlineData("results[vars.role].changed", "0+7: the name of a task must be literal: results.NAME or results['NAME']; what is read is checked before the run")]
    [InlineData("results", "0+7: 'results' is read by the name of a task: results.NAME or results['NAME']")]
    [InlineData("secrets.map(s, s)", "0+7: 'secrets' is read by the name of a secret: secrets.NAME or secrets['NAME']")]
    [InlineData("each.key", "0+4: 'each' is only there in a task with 'for_each'")]
    [InlineData("host_of(host)", "0+13: 'host_of' takes the literal name of a task: host_of('NAME')")]
    [InlineData("host_of('prob')", "8+6: there is no task 'prob'; did you mean 'probe'?")]
    [InlineData("host_of('install')", "8+9: 'install' runs on several hosts")]
    [InlineData("vars.role && true", "0+9: '&&' takes two conditions, and this is a text; write size(..) > 0 for one that is not empty")]
    [InlineData("vars.port + 1.5", "10+1: '+' takes two ints or two numbers, and here is one of each; write double(..), or 2.0 for 2")]
    [InlineData("'port ' + vars.port", "8+1: '+' does not join a text and an int; write string(..) to make a text of a value")]
    [InlineData("vars.role.contain('a')", "10+7: there is no function 'contain'; did you mean 'contains'?")]
    [InlineData("vars.role.contains(1)", "10+8: 'contains' is written text.contains(text), and not with a text and an int")]
    [InlineData("contains(vars.role, 'a')", "0+8: 'contains' is written text.contains(text), and not with a text and a text")]
    [InlineData("vars.role.size == 1", "10+4: a text has no member 'size'; the method is called with brackets: .size(..)")]
    [InlineData("vars.role.matches('(')", "18+3: this is not a regular expression: insufficient closing parentheses at character 2 of it")]
    [InlineData("vars.sites['a']", "11+4: a list has no member 'a'; an element is read as [0], and all of them with .map(item, item.a)")]
    [InlineData("vars.por == 1 && vars.prot2", "5+3: there is no 'por' in vars; did you mean 'port'? (known: anything, debug, env, limits, names, owner, port, ports, role, share, sites, started)\n22+5: there is no 'prot2' in vars (known: anything, debug, env, limits, names, owner, port, ports, role, share, sites, started)")]
    public void Names_and_types_are_checked(string text, string problems) => Assert.Equal(problems, Problems(text));

    [Theory]
    [InlineData("", "0+0: the expression is empty")]
    [InlineData("1 +", "3+0: the expression ends where a value must follow '+'")]
    [InlineData("a b", "2+1: 'b' follows 'a' without an operator, such as && or ==")]
    [InlineData("vars.debug and true", "11+3: 'and' is written '&&'")]
    [InlineData("not vars.debug", "0+3: 'not' is written '!' before the condition")]
    [InlineData("vars.env = 'prod'", "9+1: '=' assigns nothing here; compare with '=='")]
    [InlineData("vars.debug & true", "11+1: '&' is not an operator; 'and' is written '&&'")]
    [InlineData("vars.env == 'prod", "12+5: the text that begins with ' is never closed")]
    [InlineData("vars.env == 'pr\\od'", "15+2: '\\o' is not an escape in a text; a backslash is written '\\\\', or the text as r'...'")]
    [InlineData("(vars.debug", "0+1: the '(' is never closed")]
    [InlineData("vars.debug)", "10+1: ')' closes nothing: no '(' is open")]
    [InlineData("(vars.debug]", "11+1: ']' does not close the '(' at position 1")]
    [InlineData("${{ vars.debug }}", "0+2: the expression is read without braces here: write what stands in '${{ }}' alone")]
    [InlineData("vars.debug ? 1", "14+0: the expression ends too early after '1': the '? :' of a choice is not complete")]
    [InlineData("vars.in", "5+2: 'in' is a word of the language; as a name it is written ['in']")]
    [InlineData("vars.", "5+0: the expression ends where a name must follow '.'; a name that is no plain word is written ['name']")]
    [InlineData("== 1", "0+2: '==' stands where a value must begin")]
    [InlineData("1 == ) ", "5+1: ')' closes nothing: no '(' is open")]
    [InlineData("9223372036854775808", "0+19: an int has 64 bits: from -9223372036854775808 to 9223372036854775807; write a larger number with a fraction, such as 1e20")]
    [InlineData("1u", "0+2: unsigned numbers are not known here; write the number without 'u'")]
    [InlineData("b'a'", "0+4: bytes are not known here; write the text without 'b'")]
    [InlineData("a \u001b b", "2+1: the character '\\u001b' has no meaning in an expression")]
    public void Syntax_problems_say_what_to_write(string text, string problems) => Assert.Equal(problems, Problems(text));

    [Theory]
    [InlineData("1 / (vars.port - 8080)", "0+21: division by zero")]
    [InlineData("vars.port * 9223372036854775807", "0+31: the result of '*' does not fit into an int (64 bits)")]
    [InlineData("vars.anything.m == 1", "14+1: there is no 'm'")]
    [InlineData("vars.limits.cpus == 1", "12+4: there is no 'cpus'; did you mean 'cpu'?")]
    [InlineData("vars.anything.n == vars.anything.t", "0+34: an int and a text can never be equal")]
    [InlineData("vars.anything.n in ['1']", "0+24: an int and a text can never be equal")]
    [InlineData("vars.sites[3]", "0+13: the list has 3 elements, and none at 3: the first is at 0")]
    [InlineData("int(vars.role)", "0+14: 'web' is not a whole number of 64 bits")]
    [InlineData("int(results.probe.stdout)", "0+25: 'Debian 12\\n' is not a whole number of 64 bits; .trim() takes the spaces away")]
    [InlineData("int(secrets.token)", "0+18: the text is not a whole number of 64 bits")]
    [InlineData("vars.owner.size()", "0+17: 'size' is written text.size(), list.size(), map.size(), and not with null")]
    [InlineData("vars.anything.nothing.x", "22+1: this is null and has no member 'x'")]
    [InlineData("vars.anything.n && true", "0+15: '&&' takes two conditions, and this is an int")]
    public void Failures_say_where_and_what(string text, string failure) => Assert.Equal(failure, Failure(text));

    [Fact]
    public void What_is_read_is_known()
    {
        var reads = Read("results.probe.changed && host_of('probe') != '' && secrets.token == '' && results['x-1'].exit_code == 0").Reads;

        Assert.Equal(["probe", "x-1"], reads.Tasks);
        Assert.Equal(["token"], reads.Secrets);
        Assert.True(reads.LooksAtHost);
        Assert.False(reads.IsKnownBeforeRun);
        Assert.True(Read("vars.port > 1 && env.HOME != ''").Reads is { IsKnownBeforeRun: true, LooksAtHost: false });
    }
}
