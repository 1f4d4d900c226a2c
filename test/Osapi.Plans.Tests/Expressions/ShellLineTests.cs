using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>Values in lines that real shells run: each is exactly one word, and never code.</summary>
public sealed class ShellLineTests
{
    private const int ValuesALine = 40;

    private static readonly string[] Hostile =
    [
        "", " ", "'", "\"", "\\", "$", "`", "'; touch HIT; '", "\"; touch HIT; \"", "$(touch HIT)", "`touch HIT`", "\n touch HIT \n", "#", "# '", "'$(touch HIT)'", "\"$(touch HIT)\"", "\\'", "\\\"", "$'\\''",
        "*", "~", "?", "[a]", "{a,b}", "!", "!!", "&& touch HIT", "| touch HIT", "> HIT", "<<EOF", "-n", "--", "a[$(touch HIT)]", "${IFS}", "$((1+1))", "\r\n", "\t", "é世\U0001f600", "\u001b[31m", "\\\n", "a\\", "''", "'\\''",
    ];

    private static readonly Gen<string> Value = Gen.Frequency(
        (2, Any(Hostile)),
        (2, Any(Hostile).Array[2, 4].Select(string.Concat)),
        (3, Gen.Char["'\"\\$`(){}[]<>|&;#!*?~ \n\t=-aZ0_%^@"].Array[0, 12].Select(characters => new string(characters))),
        (1, Gen.Char['\u0001', '\u02ff'].Array[0, 20].Select(characters => new string(characters))));

    // A part and the words that the shell makes of it, for a value.
    private static readonly (string Template, Func<string, string> Word)[] Places =
    [
        ("${{ v[I] }}", value => value),
        ("a${{ v[I] }}b", value => $"a{value}b"),
        ("\"${{ v[I] }}\"", value => value),
        ("\"a $EMPTY${{ v[I] }} b\"", value => $"a {value} b"),
        ("'${{ v[I] }}'", value => value),
        ("'a \"'\"$EMPTY\"'${{ v[I] }} b'", value => $"a \"{value} b"),
        ("\"$(printf '%s.' ${{ v[I] }})\"", value => value + "."),
        ("\"$(printf '%s.' \"${{ v[I] }}\")\"", value => value + "."),
        ("\"${EMPTY:-x}\"\\\n${{ v[I] }}", value => "x" + value),
        ("\\'${{ v[I] }}\\\"", value => $"'{value}\""),
        ("x=${{ v[I] }}", value => $"x={value}"),
    ];

    public static TheoryData<string> Shells => [.. new[] { "/bin/sh", "/bin/bash", "/bin/dash", "/bin/busybox" }.Where(File.Exists)];

    [Theory]
    [MemberData(nameof(Shells))]
    public void Each_value_is_one_word(string shell)
    {
        // Full: 10,000 values for each shell.
        var full = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";
        var lines = Gen.Select(Value.Array[ValuesALine], Any(Places).Array[ValuesALine]);

        lines.Sample((values, places) => Assert.Equal(values.Zip(places, (value, place) => place.Word(value)), Run(shell, values, places)), iter: full ? 250 : 25, threads: 1);
    }

    [Theory]
    [InlineData("echo `ls ${{ v[0] }}`", "it stands behind a '`'")]
    [InlineData("cat <<EOF\n${{ v[0] }}\nEOF", "it stands behind '<<', a here-document")]
    [InlineData("true # ${{ v[0] }}", "this is in a comment of the shell, which the value could leave")]
    [InlineData("echo \\${{ v[0] }}", "a backslash stands before it; values are quoted already")]
    [InlineData("echo \"\\${{ v[0] }}\"", "a backslash stands before it; values are quoted already")]
    [InlineData("echo $((1 + ${{ v[0] }}))", "it stands behind '$((', where a shell calculates")]
    [InlineData("((x = ${{ v[0] }}))", "it stands behind '((', where a shell calculates")]
    [InlineData("a[${{ v[0] }}]=1", "this is in the brackets behind a name, which a shell may calculate")]
    [InlineData("[[ ${{ v[0] }} -eq 1 ]]", "it stands behind '[['")]
    [InlineData("echo \"${x:-\"${{ v[0] }}\"}\"", "it stands behind '${..}' with more than a name")]
    [InlineData("echo $'a${{ v[0] }}'", "it stands behind $'..'")]
    [InlineData("\"$(case x in a) echo ${{ v[0] }};; esac)\"", "it stands behind a 'case' in brackets")]
    [InlineData("eval ${{ v[0] }}", "'eval' before it has a shell read it once more, as code")]
    [InlineData("ssh web \"ls ${{ v[0] }}\"", "'ssh' before it has a shell read it once more, as code")]
    [InlineData("sudo bash -ec \"ls ${{ v[0] }}\"", "the shell that the line starts reads it once more, as code")]
    [InlineData("echo $\\\n(echo ${{ v[0] }})", "an operator before it is split by a line that continues")]
    public void Where_a_value_could_be_code_it_is_refused(string line, string reason)
    {
        var problem = Assert.Single(TextExpression.Read(line, Scope, TextForm.ShellLine).Problems);

        Assert.StartsWith($"no text can stand here: {reason}", problem.Message, StringComparison.Ordinal);
        Assert.Equal(line.IndexOf("${{", StringComparison.Ordinal) + 3, problem.Offset);
    }

    [Theory]
    [InlineData("case x in x) echo ${{ v[0] }} ;; esac")]
    [InlineData("echo a#${{ v[0] }}; tar -c ${{ v[0] }}; bash x.sh; grep -c ${{ v[0] }}")]
    [InlineData("# don't\necho ${{ v[0] }}")]
    [InlineData("echo \"$(echo x)\"#\"${{ v[0] }}\" $(echo)#${{ v[0] }}")]
    [InlineData("test ${#HOME} -gt 3 && ls /tmp/[ab]/${{ v[0] }}")]
    public void Usual_lines_take_values(string line) => Assert.Empty(TextExpression.Read(line, Scope, TextForm.ShellLine).Problems);

    [Fact]
    public void A_number_stands_anywhere_but_only_as_a_number()
    {
        ExpressionScope scope = new() { Roots = new Dictionary<string, ExpressionRoot> { ["n"] = new(ValueType.Int) } };
        var line = TextExpression.Read("echo $((1 + ${{ n }}))", scope, TextForm.ShellLine).Text!;

        Assert.Equal("echo $((1 + 41))", line.Evaluate(new ExpressionValues().Add("n", () => JsonValue.Create(41)))!.GetValue<string>());
        // A host may answer with what its contract does not allow.
        var failure = Assert.Throws<ExpressionException>(() => line.Evaluate(new ExpressionValues().Add("n", () => JsonValue.Create("$(touch HIT)"))));
        Assert.StartsWith("the value would be read as code of the shell", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_line_can_contain_is_refused()
    {
        Assert.Equal("the value contains a NUL character, which no shell line can", Failure("a\0b"));
        Assert.Equal("the value is not valid Unicode", Failure("a\ud800"));
        Assert.Equal("the value is not valid Unicode", Failure("\udc00\ud800b"));

        static string Failure(string value)
        {
            var line = TextExpression.Read("echo ${{ v[0] }}", Scope, TextForm.ShellLine).Text!;
            return Assert.Throws<ExpressionException>(() => line.Evaluate(new ExpressionValues().Add("v", () => new JsonArray(value)))).Message;
        }
    }

    private static Gen<T> Any<T>(T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static ExpressionScope Scope { get; } = new() { Roots = new Dictionary<string, ExpressionRoot> { ["v"] = new(ValueType.List(ValueType.Text)) } };

    private static string[] Run(string shell, string[] values, (string Template, Func<string, string> Word)[] places)
    {
        var template = string.Join("\n", places.Select((place, i) => @"printf '%s\0' " + place.Template.Replace("I", $"{i}", StringComparison.Ordinal).Replace($"{i}FS", "IFS", StringComparison.Ordinal)));
        var (text, problems) = TextExpression.Read(template, Scope, TextForm.ShellLine);
        Assert.Empty(problems);
        var line = text!.Evaluate(new ExpressionValues().Add("v", () => new JsonArray([.. values.Select(value => JsonValue.Create(value))])))!.GetValue<string>();
        var directory = Directory.CreateTempSubdirectory("osapi-shell-");
        try
        {
            ProcessStartInfo start = new(shell) { WorkingDirectory = directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = new UTF8Encoding(false) };
            if (Path.GetFileName(shell) == "busybox")
                start.ArgumentList.Add("sh");
            foreach (var argument in (string[])["-c", "--", line])
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            StringBuilder errors = new();
            process.ErrorDataReceived += (_, line) => errors.Append(line.Data);
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.ToString());
            Assert.Empty(directory.GetFileSystemInfos());
            return output.Split('\0')[..^1];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
