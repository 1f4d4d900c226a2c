using System.Text.RegularExpressions;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the accounts for the broker that an operator has printed; <c>nats-server</c> itself reads them.</summary>
public sealed partial class NatsPermissionTests : CliTest
{
    [Fact]
    public async Task The_server_takes_the_accounts_of_controllers_and_agents_as_a_file()
    {
        var printed = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01", "web.lan", "DB_1", "WEB-01")).With(0).Output;

        Assert.Equal(["osapi", "osapi_web-01", "osapi_web=2Elan", "osapi_db=5F1"], Users(printed).Keys);
        Assert.Equal(4, Users(printed).Values.Distinct().Count());
        Assert.All(Users(printed).Values, password => Assert.True(password.Length >= 32));
        Assert.Contains("# The agent of web.lan: nats.user is osapi_web=2Elan, nats.api_prefix is osapi.js\n", printed, StringComparison.Ordinal);
        await AssertAcceptedAsync(printed);
        // Nothing was asked, and nothing was written.
        Assert.False(Directory.Exists(fixture.StateDirectory));
    }

    [Fact]
    public async Task Passwords_of_an_earlier_output_are_kept_and_those_of_new_hosts_are_new()
    {
        var first = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01")).With(0).Output;
        var file = fixture.File("accounts.conf", first);

        var second = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01", "web-02", "--passwords-from", file)).With(0).Output;
        var other = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01")).With(0).Output;

        Assert.Equal(Users(first), Users(second).Where(user => user.Key != "osapi_web-02"));
        Assert.Empty(Users(first).Values.Intersect(Users(other).Values));
        await AssertAcceptedAsync(second);
    }

    [Fact]
    public async Task Another_system_on_the_same_server_has_other_accounts_users_and_subjects()
    {
        var first = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01")).With(0).Output;
        fixture.Environment["OSAPI_NATS_PREFIX"] = "lab-2";
        var second = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01")).With(0).Output;

        Assert.Equal(["lab-2", "lab-2_web-01"], Users(second).Keys);
        Assert.DoesNotContain("osapi", second.Replace("nats-server", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        await AssertAcceptedAsync(first + second);
    }

    [Fact]
    public async Task All_problems_are_reported_together_and_nothing_is_printed()
    {
        var none = (await fixture.RunAsync("nats", "permissions")).With(ExitCode.BadInput);
        var wrong = (await fixture.RunAsync("nats", "permissions", "web-01", "_any", "a\" } }", "web-\n02", "group:web", "--passwords-from", "/no/such")).With(ExitCode.BadInput);

        Assert.Equal(["error: name the hosts of the agents, or give --controller"], none.ErrorLines);
        Assert.Equal("", wrong.Output);
        Assert.Equal(
            ["error: '_any' is not the name of a host", "error: 'a\" } }' is not the name of a host", "error: 'web-\\n02' is not the name of a host", "error: 'group:web' is not the name of a host"],
            wrong.ErrorLines[..4]);
        Assert.StartsWith("error: --passwords-from cannot be read: ", wrong.ErrorLines[4], StringComparison.Ordinal);
    }

    private async Task AssertAcceptedAsync(string accounts)
    {
        fixture.File("included.conf", accounts);
        var server = fixture.File("server.conf", "listen: \"127.0.0.1:-1\"\njetstream: enabled\naccounts { include \"included.conf\" }\n");
        (await fixture.RunProgramAsync("nats-server", "-t", "-c", server)).With(0);
    }

    private static Dictionary<string, string> Users(string text) => User.Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex("user: \"([^\"]+)\", password: \"([^\"]+)\"")]
    private static partial Regex User { get; }
}
