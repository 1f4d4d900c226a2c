using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of secrets as an operator gives them, and of where they are found afterwards.</summary>
public sealed class SecretTests : CliTest
{
    // Of grep(1); 2 says that something could not be read.
    private const int NoneFound = 1;
    private const string Canary = "c4n4ry-20931-with-a-text-of-its-own";

    public override async ValueTask InitializeAsync() => await fixture.StartSystemAsync("--hostname", "web-01");

    [Fact]
    public async Task They_come_from_where_they_are_kept_reach_the_command_and_are_found_nowhere()
    {
        fixture.Environment["CANARY"] = Canary;
        var file = fixture.File("secret.txt", Canary + "\n");
        string[] call = ["command", "shell", "--command", "[ \"$A\" = \"$B\" ] && [ \"$A\" = \"$(cat)\" ] && printf %s \"$A\" | wc -c", "--env", "A=@env:CANARY", "--env", $"B=@file:{file}"];

        var answer = (await fixture.RunWithInputAsync(Canary, [.. call, "--stdin", "@-", "--json"])).With(ExitCode.Ok);
        var failed = (await fixture.RunWithInputAsync(Canary, [.. call, "--stdin", "@@-", "--json"])).With(ExitCode.Failed);

        using var reply = JsonDocument.Parse(answer.Output);
        Assert.Equal($"{Canary.Length}\n", reply.RootElement.GetProperty("results")[0].GetProperty("stdout").GetString());
        var job = (await fixture.RunAsync("job", "get", reply.RootElement.GetProperty("job_id").GetString()!)).With(ExitCode.Ok);
        Assert.Contains("***", job.Output, StringComparison.Ordinal);
        Assert.All([answer, failed, job], result => Assert.DoesNotContain(Canary, result.Output + result.Error, StringComparison.Ordinal));
        var search = await fixture.RunProgramAsync("grep", "--recursive", "--text", "--fixed-strings", "--files-with-matches", "--devices=skip", Canary, fixture.StateDirectory);
        Assert.Equal(("", NoneFound), (search.Output, search.ExitCode));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_with_all_other_mistakes()
    {
        var answer = (await fixture.RunAsync("command", "exec", "--env", "A=@env:OSAPI_NO_SUCH", "--env", "B=@file:/no/such", "--timeout", "0")).With(ExitCode.BadInput);

        Assert.Contains("--env cannot be read: there is no environment variable OSAPI_NO_SUCH", answer.Error, StringComparison.Ordinal);
        Assert.Contains("--env cannot be read: Could not find", answer.Error, StringComparison.Ordinal);
        Assert.Contains("timeout", answer.Error, StringComparison.Ordinal);
    }
}
