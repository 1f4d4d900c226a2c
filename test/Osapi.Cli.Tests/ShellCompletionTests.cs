using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the completion scripts in zsh and fish, as somebody types there.</summary>
public sealed class ShellCompletionTests : CliTest
{
    // A shell of its own on a pseudo-terminal. A key prints the line after the completion.
    private const string Zsh = """
        zmodload zsh/zpty
        zpty shell "TERM=dumb PS1='ready> ' zsh -f -i"
        zpty -w shell "autoload -Uz compinit && compinit -u -D; source '$1'; bindkey '^I' complete-word; zle -N shown; shown() { print -r -- \"line=[\$BUFFER]\" }; bindkey '^X' shown; print loaded"
        zpty -r shell output '*loaded*loaded*'
        zpty -w -n shell "$2"$'\t\x18'
        zpty -r shell output '*line=\[*\]*'
        print -r -- "${${output##*line=\[}%%\]*}"
        zpty -d shell
        """;

    [Theory]
    [InlineData("osapi job li", "osapi job list ")]
    [InlineData("osapi node load --targ", "osapi node load --target ")]
    [InlineData("osapi job list --status proc", "osapi job list --status processing ")]
    public async Task Zsh_completes_the_line(string typed, string completed)
    {
        var script = await ScriptAsync("zsh", "_osapi");

        var answer = await fixture.RunProgramAsync("zsh", "-f", fixture.File("type.zsh", Zsh), script, typed);

        Assert.Equal(completed, answer.With(0).Output.TrimEnd('\n', '\r'));
    }

    [Theory]
    [InlineData("osapi job li", "list")]
    [InlineData("osapi node load --targ", "--target")]
    [InlineData("osapi job list --status proc", "processing")]
    public async Task Fish_offers_the_words(string typed, string offered)
    {
        var script = await ScriptAsync("fish", "osapi.fish");

        var answer = await fixture.RunProgramAsync("fish", "--no-config", "--command", $"source '{script}'; complete --do-complete '{typed}'");

        Assert.Equal([offered], answer.With(0).Lines.Select(line => line.Split('\t')[0]));
    }

    // The program is found by its name, as in a shell.
    private async Task<string> ScriptAsync(string shell, string name)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, shell))))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"in CI nothing may be left out: there is no {shell}");
            Assert.Skip($"NOT TESTED: there is no {shell}");
        }

        var programs = Directory.CreateDirectory(Path.Combine(fixture.Directory, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "osapi"), Programs.Osapi);
        fixture.Environment["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
        fixture.Environment["HOME"] = fixture.Directory;
        return fixture.File(name, (await fixture.RunAsync("completion", shell)).With(ExitCode.Ok).Output);
    }
}
