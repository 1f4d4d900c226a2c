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
    public async Task A_secret_with_a_rule_comes_from_where_it_is_kept_and_is_not_repeated_when_it_breaks_the_rule()
    {
        fixture.Environment["PLAIN"] = Canary;
        fixture.Environment["HASH"] = "$5$acmeacme$Kvr1Y0Ln5A4nqV6RKJbVb9FfDhkxOqP9q7p2YsEz6I1";
        // The mistake keeps the calls from the hosts.
        string[] call = ["user", "password", "update", "--target", "web-01", "--name", "acme-none", "--max-days", "0", "--password-hash"];

        var hash = (await fixture.RunAsync([.. call, "@env:HASH"])).With(ExitCode.BadInput);
        var plain = (await fixture.RunAsync([.. call, "@env:PLAIN"])).With(ExitCode.BadInput);

        Assert.DoesNotContain("must be the hash of a password", hash.Error, StringComparison.Ordinal);
        Assert.Contains("must be the hash of a password", plain.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, plain.Output + plain.Error, StringComparison.Ordinal);
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
