using System.Diagnostics;
using System.Text;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the prompt for a secret on a pseudo-terminal.</summary>
public sealed class SecretPromptTests : CliTest
{
    private const string Secret = "correct horse";

    [Fact]
    public async Task What_is_typed_is_the_secret_and_is_not_echoed()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: prompt
            secrets: {word: {prompt: The word}}
            tasks:
              - name: use
                op: command.shell.execute
                target: web-01
                with: {command: '[ "$WORD" = "{{{Secret}}}" ] && echo it is right', env: {WORD: "${{ secrets.word }}"}}
            """);

        // With a wrong letter that is taken back.
        var shown = await TypeAsync(["run", plan, "--output", "all"], "The word: ", $"correct hors\u007fse\r");

        Assert.Contains("it is right", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("correct", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", shown, StringComparison.Ordinal);
    }

    // script(1) gives the program a terminal, and prints what appears there.
    private async Task<string> TypeAsync(IReadOnlyList<string> arguments, string prompt, string keys)
    {
        ProcessStartInfo start = new("script", ["--quiet", "--return", "--command", string.Join(' ', arguments.Prepend(Programs.Osapi).Select(argument => $"'{argument}'")), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in fixture.Environment)
            start.Environment[name] = value;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        using var process = Process.Start(start)!;
        StringBuilder shown = new();
        var buffer = new char[1024];
        var isAsked = false;
        while (await process.StandardOutput.ReadAsync(buffer, bound.Token) is > 0 and var count)
        {
            shown.Append(buffer, 0, count);
            if (isAsked || !shown.ToString().Contains(prompt, StringComparison.Ordinal))
                continue;
            isAsked = true;
            await process.StandardInput.WriteAsync(keys.AsMemory(), bound.Token);
            await process.StandardInput.FlushAsync(bound.Token);
        }

        await process.WaitForExitAsync(bound.Token);
        Assert.True(process.ExitCode == 0, shown.ToString());
        return shown.ToString();
    }
}
